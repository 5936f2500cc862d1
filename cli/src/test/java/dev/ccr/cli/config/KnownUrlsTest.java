package dev.ccr.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.model.Profile;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownUrlsTest {

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AZURE", "BEDROCK", "PLAIN"}) // whose URLs only their users know
  void aProfileIsReachedAtAUrlThatIsKnownForIt(Profile profile) {
    URI url = URI.create(KnownUrls.of(profile.key()));
    boolean byHost = !profile.hosts().isEmpty() && profile != Profile.OLLAMA; // a local one
    assertEquals(profile, Profile.of(byHost ? "somebody" : profile.key(), url));
  }
}
