package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PdfTokensTest {

  private static final String FILE =
      """
      %%PDF-1.4
      1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
      2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
      3 0 obj << %s /Parent 2 0 R /MediaBox [0 0 3 3] >> endobj
      trailer << /Size 4 /Root 1 0 R >>
      """;

  private static long pages(String pdf) {
    byte[] base64 = Base64.getEncoder().encode(pdf.getBytes(US_ASCII));
    return PdfTokens.of(ByteBuffer.wrap(base64), 0, base64.length) / PdfTokens.PAGE;
  }

  @ParameterizedTest
  @CsvSource({
    "/Type /Page, 1",
    "/Type/Page, 1",
    "'/Type\r\n /Page', 1",
    "/Type /Page >> << /Type /Page, 2",
    "/Type /Page/Type /Page, 2",
    "//Type /Page, 1",
    "/Type /Typ /Type /Page, 1",
    "/Type /Type /Page, 1"
  })
  void pagesAreCountedByTheirObjects(String object, long pages) {
    for (String shift : new String[] {"", " ", "  "}) { // base64 has three ways to write a word
      assertEquals(pages, pages(shift + FILE.formatted(object)));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "49998, 1", "50001, 2", "700000, 15", "3000000, 61"})
  void withoutSuchObjectsTheLengthTells(int length, long pages) {
    assertEquals(pages, pages(" ".repeat(length)));
  }

  @ParameterizedTest
  @CsvSource({"3000000, 61", "700000, 1"})
  void aLargeFileIsNotLookedThrough(int length, long pages) {
    assertEquals(pages, pages(FILE.formatted("/Type /Page") + " ".repeat(length)));
  }
}
