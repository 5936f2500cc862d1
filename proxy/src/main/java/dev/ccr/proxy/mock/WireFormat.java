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

  /** A whole stream that thinks before it speaks. */
  List<String> thinkingStream(String model, List<String> thoughts, List<String> texts);

  /** A whole stream that calls tools and says nothing. */
  List<String> toolStream(String model, List<Call> calls);

  /** The answer that is not streamed. */
  String message(String model, String escaped, Finish finish);

  /** The answer that is not streamed and has a thought before its text. */
  String thinkingMessage(String model, String thought, String escaped);

  /** The answer that is not streamed and calls tools. */
  String toolMessage(String model, List<Call> calls);

  /** The most characters that the name of a tool may have. */
  int longestToolName();

  /** The body that comes with an error status. */
  String error(int status, String escaped);

  /** The body that comes with a 400 when a conversation is too long for the model. */
  String overflow();

  /** The body of a 200 that says that the answer failed with a 502. */
  String failure(String escaped);

  /** The last event of a stream that fails so, be it the first one too. */
  String failureEvent(String model, String escaped);

  /** Why a text ended. */
  enum Finish {
    STOP,
    LENGTH
  }

  /**
   * A call of a tool.
   *
   * @param number counted from 1 in a conversation, for its id
   * @param fragments its arguments, a JSON object in one line, as a stream cuts them
   */
  record Call(int number, String name, List<String> fragments) {

    String arguments() {
      return String.join("", fragments);
    }

    /** A part of the arguments as it stands between the quotes of a JSON string. */
    static String escape(String fragment) {
      return fragment.replace("\\", "\\\\").replace("\"", "\\\"");
    }
  }
}
