package dev.ccr.proxy.provider.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.route.RequestScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a request does not reach the Claude API as the client wrote it. */
final class PassThroughTest {

  private static final String MINTED = Minted.pack("{}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{`model`:`a,b`,`messages`:[]} | {`model`:`M`,`messages`:[]}",
        " { `messages`:[ ] , `model` : `x` }  | { `messages`:[ ] , `model` : `M` }",
        "{`messages`:[]} | {`model`:`M`,`messages`:[]}",
        "{`messages`:[{`content`:`MINTED`}],`model`:`x`} |"
            + " {`messages`:[{`content`:`MINTED`}],`model`:`M`}",
        "{`model`:`x`,`messages`:[{`role`:`user`,`content`:`a`}, {`role`:`assistant`, `content`:"
            + " [{`type`:`thinking`,`thinking`:`t`,`signature`:`MINTED`}, {`type`:`text`,`text`:"
            + "`b` }] }],`z`:1} | {`model`:`M`,`messages`:[{`role`:`user`,`content`:`a`},"
            + "{`role`:`assistant`, `content`: [{`type`:`text`,`text`:`b` }] }],`z`:1}",
        "{`messages`:[{`role`:`assistant`,`content`:[{`type`:`redacted_thinking`,`data`:`MINTED`}]},"
            + "{`role`:`user`,`content`:[]}],`model`:`x`} |"
            + " {`messages`:[{`role`:`user`,`content`:[]}],`model`:`M`}",
        "{`messages`:[{`content`:[{`type`:`thinking`,`thinking`:``,`signature`:`EqQB`}]},{`content`:"
            + "[{`type`:`text`,`text`:`MINTED`,`data`:`MINTED`}]}],`model`:`x`} |"
            + " {`messages`:[{`content`:[{`type`:`thinking`,`thinking`:``,`signature`:`EqQB`}]},"
            + "{`content`:[{`type`:`text`,`text`:`MINTED`,`data`:`MINTED`}]}],`model`:`M`}"
      })
  void onlyTheModelAndWhatTheRouterMadeIsChanged(String request, String expected)
      throws RequestException {
    assertEquals(expand(expected).strip(), encode(expand(request)).strip());
  }

  private static String expand(String json) {
    return json.replace('`', '"').replace("MINTED", MINTED);
  }

  private static String encode(String request) throws RequestException {
    byte[] bytes = request.getBytes(UTF_8);
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    try {
      Splices splices = new Splices(in);
      PassThrough passThrough = new PassThrough(new RequestScan().scan(in), "M");
      ByteBuf out =
          splices.build(passThrough.encodeRequest(in, splices), ByteBufAllocator.DEFAULT);
      try {
        return new String(ByteBufUtil.getBytes(out), UTF_8);
      } finally {
        out.release();
      }
    } finally {
      in.release();
    }
  }
}
