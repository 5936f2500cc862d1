package dev.ccr.proxy.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenApiSchemasTest {

  private static final String START = "{`type`:`object`,`properties`:{`p`:";

  /** What a property's schema becomes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{`type`:`string`,`$id`:`i`,`format`:`uri`,`pattern`:`a`} |"
            + " {`type`:`string`,`pattern`:`a`}",
        "{`type`:`string`,`format`:`date-time`} | {`type`:`string`,`format`:`date-time`}",
        "{`type`:`integer`,`exclusiveMinimum`:0,`multipleOf`:2,`format`:`int64`} |"
            + " {`type`:`integer`,`format`:`int64`}",
        "{`const`:`a`} | {`type`:`string`,`enum`:[`a`]}",
        "{`type`:`integer`,`enum`:[1,2]} | {`type`:`integer`}",
        "{`type`:`string`,`enum`:[`a`,``,null,`b`]} |"
            + " {`type`:`string`,`nullable`:true,`enum`:[`a`,`b`]}",
        "{`enum`:[1,2,`auto`],`title`:`t`} | {`title`:`t`}",
        "{`const`:3} | {}",
        "{`allOf`:[{`$ref`:`#/$defs/d`}],`title`:`t`} |"
            + " {`type`:`string`,`title`:`t`,`maxLength`:3}",
        "{`allOf`:[{`$ref`:`#/$defs/base`}],`properties`:{`parent`:{`$ref`:`#/$defs/base`}}} |"
            + " {`type`:`object`,`properties`:{`parent`:{`type`:`object`,`properties`:{`id`:"
            + "{`type`:`string`}}},`id`:{`type`:`string`}}}",
        "{`type`:[`string`,`null`]} | {`type`:`string`,`nullable`:true}",
        "{`type`:[`string`,`number`],`description`:`d`} |"
            + " {`description`:`d`,`anyOf`:[{`type`:`string`},{`type`:`number`}]}",
        "{`oneOf`:[{`type`:`string`},{`type`:`null`}],`title`:`t`} |"
            + " {`type`:`string`,`nullable`:true,`title`:`t`}",
        "{`anyOf`:[{`const`:`a`},{`type`:`array`}]} |"
            + " {`anyOf`:[{`type`:`string`,`enum`:[`a`]},{`type`:`array`,`items`:{`type`:`string`}}]}",
        "{`allOf`:[{`type`:`object`,`properties`:{`a`:{`type`:`string`}},`required`:[`a`]},"
            + "{`properties`:{`b`:{`type`:`string`}}}]} | {`type`:`object`,`properties`:{`a`:"
            + "{`type`:`string`},`b`:{`type`:`string`}},`required`:[`a`]}",
        "{`type`:`object`,`additionalProperties`:false,`propertyNames`:{},`required`:[`a`]} |"
            + " {`type`:`object`}",
        "{`type`:`object`,`properties`:{`$schema`:{`type`:`string`},`not`:{`type`:`string`}}} |"
            + " {`type`:`object`,`properties`:{`$schema`:{`type`:`string`},`not`:{`type`:`string`}}}",
        "{`$ref`:`#/$defs/d`,`description`:`x`} |"
            + " {`type`:`string`,`description`:`x`,`maxLength`:3}",
        "{`$ref`:`#/$defs/loop`} | {`type`:`object`,`properties`:{`next`:{`type`:`object`},`d`:"
            + "{`type`:`string`,`maxLength`:3}}}",
        "{`$ref`:`https://elsewhere`} | {`type`:`object`}",
        "{} | {}",
        "true | {}",
      })
  void aPropertySaysWhatOpenApiCanSay(String schema, String expected) throws Exception {
    String defs =
        "},`$defs`:{`base`:{`type`:`object`,`properties`:{`id`:{`type`:`string`}}},`d`:{`type`:`string`,`maxLength`:3},`loop`:{`type`:`object`,`properties`:"
            + "{`next`:{`$ref`:`#/$defs/loop`},`d`:{`$ref`:`#/$defs/d`}}}}}";
    assertEquals(
        "=" + (START + expected + "}}").replace('`', '"'),
        cleaned((START + schema + defs).replace('`', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{} | ''",
        "{`type`:`object`,`properties`:{}} | ''",
        "{`anyOf`:[{`properties`:{`a`:{}}},{`properties`:{`b`:{}}}],`required`:[`a`]} |"
            + " ={`type`:`object`,`properties`:{`a`:{},`b`:{}},`required`:[`a`]}",
      })
  void theTopIsAnObjectWithPropertiesOrNothing(String schema, String expected) throws Exception {
    assertEquals(expected.replace('`', '"'), cleaned(schema.replace('`', '"')));
  }

  /** Each definition refers to the next one twice: followed blindly, 2^40 schemas. */
  @Test
  void aSchemaThatGrowsByReferencesIsCutOff() throws Exception {
    StringBuilder schema = new StringBuilder("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d0\"}}");
    schema.append(",\"$defs\":{");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d" + i + "\":{\"properties\":{\"x\":" + next + ",\"y\":" + next + "}},");
    }
    assertTrue(cleaned(schema.append("\"e\":{}}}").toString()).length() < 8_000_000);
  }

  /** Each reference reads the definition again: followed blindly, gigabytes. */
  @Test
  void readingAndWritingAreBounded() throws Exception {
    StringBuilder schema = new StringBuilder("{\"properties\":{");
    for (int i = 0; i < 9_000; i++) {
      schema.append("\"p" + i + "\":{\"$ref\":\"#/$defs/b\"},");
    }
    String large = "x".repeat(20_000);
    schema.append("\"z\":{}},\"$defs\":{\"b\":{\"type\":\"string\",\"description\":\"" + large);
    int length = cleaned(schema.append("\"}}}").toString()).length();
    assertTrue(length < 8_000_000, length + " bytes");
  }

  private static String cleaned(String schema) throws JsonSyntaxException {
    ByteBuf body = Unpooled.copiedBuffer(schema, UTF_8);
    Splices splices = new Splices(body);
    Splices.Section out = splices.section();
    Span span = new Span();
    span.set(0, body.writerIndex());
    new OpenApiSchemas(body.nioBuffer()).appendField(new byte[] {'='}, span, out);
    ByteBuf built = splices.build(out, ByteBufAllocator.DEFAULT);
    try {
      return built.toString(UTF_8);
    } finally {
      built.release();
      body.release();
    }
  }
}
