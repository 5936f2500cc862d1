package dev.ccr.proxy.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.ccr.proxy.architecture.planted.Planted;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which, read off the compiled classes. */
final class ImportLawTest {

  private static final String ROOT = "dev.ccr.proxy";
  private static final String[] ALWAYS = {"java..", "javax..", "org.jspecify.annotations.."};
  private static final String BUFFER = "io.netty.buffer..";
  private static final String JACKSON = "com.fasterxml.jackson.core..";
  private static final String YAML = "org.snakeyaml.engine.v2..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** A package and all it may import besides itself and the JDK. */
  record Law(String name, List<String> mayImport) {

    Law(String name, String... mayImport) {
      this(name, List.of(mayImport));
    }

    ArchRule rule() {
      String self = ROOT + "." + name;
      String[] allowed =
          Stream.of(Stream.of(self), Arrays.stream(ALWAYS), mayImport.stream())
              .flatMap(s -> s)
              .toArray(String[]::new);
      return classes()
          .that()
          .resideInAPackage(self)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(allowed))
          .allowEmptyShould(false);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Law> laws() {
    return List.of(
        new Law("model"),
        new Law("sse", our("model"), BUFFER),
        new Law("json", our("model"), BUFFER, JACKSON),
        new Law("claude", our("model"), our("sse"), our("json"), BUFFER, JACKSON),
        new Law("provider", our("model"), our("claude"), our("json"), BUFFER),
        dialect("openai"),
        dialect("anthropic"),
        new Law("catalog", our("model"), our("provider"), ROOT + ".provider.*"),
        new Law("config", our("model"), our("json"), JACKSON, YAML, "org.slf4j.."),
        new Law("route", our("model"), our("json"), BUFFER, JACKSON),
        new Law("tokens", our("model"), our("json"), BUFFER, "com.knuddels.jtokkit.."),
        new Law(
            "auth",
            our("model"),
            our("json"),
            "io.netty.channel",
            "io.netty.handler.codec",
            "io.netty.handler.codec.http"),
        new Law("admission", our("model"), our("config")),
        new Law("metrics", our("model"), BUFFER, "io.prometheus.metrics..", "org.slf4j.."),
        new Law("attempt", our("model"), our("config")),
        new Law("upstream", our("model"), our("config"), "io.netty..", "org.slf4j.."),
        new Law(
            "systemd",
            "io.netty.bootstrap",
            BUFFER,
            "io.netty.channel..",
            "io.netty.util.concurrent",
            "org.slf4j.."),
        new Law("mock", "io.netty.."));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void aPackageImportsOnlyWhatItMay(Law law) {
    law.rule().check(CLASSES);
  }

  @Test
  void everyPackageHasALaw() {
    Set<String> lawless = Set.of(ROOT, ROOT + ".server"); // these may import all the others
    List<String> names = laws().stream().map(law -> our(law.name())).toList();
    classes()
        .should()
        .resideInAnyPackage(
            Stream.concat(names.stream(), lawless.stream()).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void onlyTheHandlerOfAuthKnowsNetty() {
    noClasses()
        .that()
        .resideInAPackage(our("auth"))
        .and()
        .haveSimpleNameNotEndingWith("Handler")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.netty.."))
        .check(CLASSES);
  }

  @Test
  void onlyTheCatalogKnowsTheProviders() {
    noClasses()
        .that()
        .resideOutsideOfPackages(our("catalog"), ROOT + ".provider.*")
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + ".provider.*"))
        .check(CLASSES);
  }

  @Test
  void nobodyInTheLineKnowsTheMock() {
    noClasses()
        .that(resideOutsideOfPackages(our("mock")))
        .should()
        .dependOnClassesThat(resideInAnyPackage(our("mock")))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyServerAndUpstreamRetainOrRelease() {
    ownership().check(CLASSES);
  }

  @Test
  void theOwnershipLawFindsWhoBreaksIt() {
    JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
    EvaluationResult result = ownership().evaluate(planted);
    Assertions.assertTrue(result.hasViolation());
  }

  private static ArchRule ownership() {
    DescribedPredicate<JavaAccess<?>> counting =
        DescribedPredicate.describe(
            "retain or release a buffer",
            access ->
                (access.getName().toLowerCase(Locale.ROOT).contains("retain")
                        || access.getName().equals("release"))
                    && isCounted(access.getTargetOwner()));
    return noClasses()
        .that()
        .resideOutsideOfPackages(our("server"), our("upstream"), our("mock"))
        .and()
        // The one exception: it hands on slices of the client's body.
        .doNotHaveFullyQualifiedName(ROOT + ".json.Splices")
        .should()
        .accessTargetWhere(counting);
  }

  private static boolean isCounted(JavaClass owner) {
    return owner.isAssignableTo(ReferenceCounted.class)
        || owner.isEquivalentTo(ReferenceCountUtil.class);
  }

  private static Law dialect(String name) {
    return new Law(
        "provider." + name,
        our("model"),
        our("sse"),
        our("json"),
        our("claude"),
        our("provider"),
        BUFFER,
        JACKSON);
  }

  private static String our(String name) {
    return ROOT + "." + name;
  }
}
