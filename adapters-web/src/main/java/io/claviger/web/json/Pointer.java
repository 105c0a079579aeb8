package io.claviger.web.json;

/**
 * A JSON pointer (RFC 6901).
 *
 * @param text the pointer with its escapes, such as {@code /custom_headers/X-A~1B}
 */
public record Pointer(String text) {
  public static final Pointer ROOT = new Pointer("");

  public Pointer to(String name) {
    return new Pointer(text + "/" + name.replace("~", "~0").replace("/", "~1"));
  }

  public Pointer to(int index) {
    return new Pointer(text + "/" + index);
  }
}
