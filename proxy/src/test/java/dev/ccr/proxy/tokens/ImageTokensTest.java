package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageTokensTest {

  private static final String LOSSY = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
  private static final String LOSSLESS = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
  private static final String EXTENDED =
      "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEA"
          + "AQAAAP4AAA3AAP7mtQAAAA==";

  private static long tokens(byte[] image) {
    return tokens(Base64.getEncoder().encodeToString(image));
  }

  private static long tokens(String base64) {
    byte[] bytes = base64.getBytes(US_ASCII);
    return ImageTokens.of(ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  private static byte[] encode(String format, int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1", "300, 200, 80", "750, 1, 1", "751, 1, 2", "1000, 1000, 1334", "1568, 1568, 1600",
    "3136, 392, 410", "392, 3136, 410", "100000, 1, 3", "16383, 16383, 1600", "0, 5, 1600",
    "5, -1, 1600"
  })
  void anImageCostsWhatItHasOfPixelsOnceItFits(int width, int height, long tokens) {
    assertEquals(tokens, ImageTokens.of(width, height));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void theSizeIsReadFromTheHeader(String format) throws IOException {
    byte[] image = encode(format, 300, 200);
    assertEquals(80, tokens(image));
    String escaped = Base64.getEncoder().encodeToString(image).replace("/", "\\/");
    assertEquals(80, tokens(escaped));
    assertEquals(80, tokens(Base64.getUrlEncoder().encodeToString(image)));
    String inLines = Base64.getMimeEncoder().encodeToString(image);
    assertEquals(80, tokens(inLines.replace("\r\n", "\\r\\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void aHeaderThatIsCutIsAnUnknownSize(String format) throws IOException {
    byte[] image = encode(format, 300, 200);
    for (int length = 0; length < image.length; length++) {
      long tokens = tokens(Arrays.copyOf(image, length));
      if (tokens != 80) {
        assertEquals(ImageTokens.MOST, tokens, "of " + length + " bytes");
      }
    }
    assertEquals(ImageTokens.MOST, tokens(Arrays.copyOf(image, 9)));
  }

  @Test
  void aFrameBehindAProfileIsFound() throws IOException {
    byte[] image = encode("jpg", 300, 200);
    byte[] profile = new byte[2 + 60_000];
    profile[0] = (byte) 0xFF;
    profile[1] = (byte) 0xE2;
    profile[2] = (byte) (60_000 >> 8);
    profile[3] = (byte) (60_000 & 0xFF);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(image, 0, 2);
    for (int i = 0; i < 3; i++) {
      out.writeBytes(profile);
    }
    out.write(0xFF); // padding
    out.write(image, 2, image.length - 2);
    assertEquals(80, tokens(out.toByteArray()));
  }

  @ParameterizedTest
  @CsvSource({
    // where the sizes stand, and how they are written
    LOSSY + ", 26, 2c01c840", LOSSLESS + ", 21, 2bc13100", EXTENDED + ", 24, 2b0100c70000"
  })
  void theSizeIsReadFromTheHeadersOfWebp(String base64, int at, String size) {
    byte[] image = Base64.getDecoder().decode(base64);
    assertEquals(1, tokens(image));
    byte[] bytes = HexFormat.of().parseHex(size);
    System.arraycopy(bytes, 0, image, at, bytes.length);
    assertEquals(80, tokens(image));
    assertEquals(ImageTokens.MOST, tokens(Arrays.copyOf(image, at + bytes.length - 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "A", "AAAA", "!!!!", "iVBO", "/9j/", "R0lG", "UklG", "PHN2Zz4=", "\\", "é"
      })
  void whatIsNoImageIsOfUnknownSize(String base64) {
    assertEquals(ImageTokens.MOST, tokens(base64));
  }
}
