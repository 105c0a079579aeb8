package io.claviger.testkit.http;

import java.util.ArrayList;
import java.util.List;

/**
 * A complete request or final answer.
 *
 * @param startLine without its line end
 * @param fields the fields as they were received, in their order
 * @param body without transfer coding
 * @param end the index of the first byte after the message
 * @param closes whether the message must be the last one on its connection
 * @param refusable whether a recipient may refuse it although its framing is clear, because of a
 *     control character or a malformed extension of a chunk
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the arrays.
public record Message(
    String startLine, List<Field> fields, byte[] body, int end, boolean closes, boolean refusable) {

  /**
   * A header field.
   *
   * @param value without blanks around it
   */
  public record Field(String name, String value) {}

  /** The values of all fields with that name, in upper or lower case. */
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

  /** The method of a request. */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /** The target of a request, as it was received. */
  public String target() {
    return startLine.substring(startLine.indexOf(' ') + 1, startLine.lastIndexOf(' '));
  }

  /** The status of an answer. */
  public int status() {
    return Integer.parseInt(startLine.substring(9, 12));
  }
}
