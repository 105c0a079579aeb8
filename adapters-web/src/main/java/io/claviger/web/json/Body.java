package io.claviger.web.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A request's body. The caller must close the body. Closing the body wipes every secret in it. */
public final class Body implements AutoCloseable {
  /** The maximum size of a body, in bytes. */
  public static final int LARGEST = 1_048_576;

  private final Faults faults = new Faults();
  private final List<HiddenText> hidden = new ArrayList<>();
  private final Json.Members members;

  private Body(byte[] utf8, int length) {
    char[] text = new char[length];
    try {
      this.members = BodyParser.parse(text, decode(utf8, length, text), faults, hidden);
    } catch (NotJson | InvalidInput e) {
      close();
      throw e;
    } finally {
      Arrays.fill(text, '\0');
    }
  }

  /**
   * Parses a body.
   *
   * @param utf8 the bytes of the body, which are wiped even if parsing fails
   * @param length the number of bytes at the start of {@code utf8} that belong to the body
   * @throws NotJson if the bytes are not UTF-8 or not JSON
   * @throws InvalidInput if the body is not an object
   */
  public static Body of(byte[] utf8, int length) {
    try {
      return new Body(utf8, length);
    } finally {
      Arrays.fill(utf8, (byte) 0);
    }
  }

  /** Returns the fields of the body. Each field can be read only once. */
  public JsonObject fields() {
    return new JsonObject(members, new JsonLocation(Pointer.ROOT, faults));
  }

  @Override
  public void close() {
    hidden.forEach(HiddenText::close);
  }

  private static int decode(byte[] utf8, int length, char[] text) {
    CharBuffer into = CharBuffer.wrap(text);
    try {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      var result = decoder.decode(ByteBuffer.wrap(utf8, 0, length), into, true);
      if (result.isError()) {
        result.throwException();
      }
      return into.position();
    } catch (CharacterCodingException e) {
      throw new NotJson("The body is not UTF-8.");
    }
  }
}
