package io.claviger.testkit.http;

import java.util.ArrayList;
import java.util.List;

/**
 * A request or a final answer that was read whole.
 *
 * @param startLine without its line end
 * @param fields the fields in their order, as they came
 * @param body without transfer coding
 * @param end the index of the first byte behind it
 * @param closes whether nothing may follow it on its connection
 * @param refusable whether a recipient may refuse it although its framing is clear: it holds a
 *     control character, or an extension of a chunk that is not written as it should be
 */
@SuppressWarnings("ArrayRecordComponent") // nobody changes or compares them
public record Message(
    String startLine, List<Field> fields, byte[] body, int end, boolean closes, boolean refusable) {

  /**
   * A header field.
   *
   * @param value without blanks around it
   */
  public record Field(String name, String value) {}

  /** The values of all fields of that name, whatever its case. */
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

  /** Of a request. */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /** Of a request: its target, as it came. */
  public String target() {
    return startLine.substring(startLine.indexOf(' ') + 1, startLine.lastIndexOf(' '));
  }

  /** Of an answer. */
  public int status() {
    return Integer.parseInt(startLine.substring(9, 12));
  }
}
