package dev.ccr.proxy.mock;

import java.util.List;

/**
 * How one API puts an answer on the wire. Events are whole, each with its blank line. Texts are
 * given as they stand between the quotes of a JSON string.
 */
interface WireFormat {

  /** The events before the first text. */
  List<String> open(String model);

  /** The event that carries a piece of text. */
  String text(String model, String escaped);

  /** The events after the last text. */
  List<String> finish(String model, Finish finish);

  /** A whole stream that calls a tool and says nothing. */
  List<String> toolStream(String model, String name, List<String> escapedArguments);

  /** The answer that is not streamed. */
  String message(String model, String escaped, Finish finish);

  /** The answer that is not streamed and calls a tool with arguments that are a JSON object. */
  String toolMessage(String model, String name, String arguments, String escapedArguments);

  /** The body that comes with an error status. */
  String error(int status, String escaped);

  /** Why a text ended. */
  enum Finish {
    STOP,
    LENGTH
  }
}
