package io.claviger.testkit.http;

import java.util.ArrayList;
import java.util.List;

/**
 * A completely read request or final answer.
 *
 * @param startLine the first line of the message, without its line end
 * @param fields the header fields as they were received, in their order
 * @param body the body, without its transfer coding
 * @param end the index of the first byte after the message
 * @param closes whether this message must be the last one on its connection
 * @param refusable whether a recipient may refuse the message although its framing is clear. The
 *     message then contains a control character or a malformed chunk extension, or follows many
 *     interim answers
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the arrays.
public record Message(
    String startLine, List<Field> fields, byte[] body, int end, boolean closes, boolean refusable) {

  /**
   * A header field.
   *
   * @param value the value, without leading and trailing blanks
   */
  public record Field(String name, String value) {}

  /** Returns the values of all fields with the given name. Names are case-insensitive. */
  public List<String> values(String name) {
    return values(fields, name);
  }

  static List<String> values(List<Field> fields, String name) {
    List<String> values = new ArrayList<>(1);
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /** Returns the method of this message, which must be a request. */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /** Returns the target of a request, as it was received. */
  public String target() {
    return startLine.substring(startLine.indexOf(' ') + 1, startLine.lastIndexOf(' '));
  }

  /** Returns the status of this message, which must be an answer. */
  public int status() {
    return Integer.parseInt(startLine.substring(9, 12));
  }
}
