package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Replaces addresses in an answer in JSON. The names of members decide which values are addresses,
 * at any place in the answer. All other bytes are forwarded unchanged. The filter holds back at
 * most one address at a time.
 */
public final class AddressFilter {
  /** The largest size of an address, in bytes, in its JSON form. */
  private static final int LONGEST = 4 << 10;

  private final UnaryOperator<String> replacement;
  private final ByteBufAllocator buffers;
  private final JsonScanner scanner;

  /** The window, which is in memory: the bytes held back, followed by the newest bytes. */
  private byte[] window = {};

  /** The position, in the answer, of the first byte of the window. */
  private long windowFrom;

  /** The number of bytes of the answer that have been forwarded or replaced. */
  private long passed;

  private ByteBuf out = Unpooled.EMPTY_BUFFER;

  /** The position at which the current address begins; -1 if no address has begun. */
  private long addressFrom = -1;

  /**
   * @param members the names of the members that contain addresses
   * @param replacement a function that returns the new text for an address, in plain ASCII without
   *     quotes and backslashes; it may throw {@link CallRefused}
   */
  public AddressFilter(
      Set<String> members, UnaryOperator<String> replacement, ByteBufAllocator buffers) {
    this.replacement = replacement;
    this.buffers = buffers;
    this.scanner = new JsonScanner(new Addresses(members), ScannedText.LONGEST);
  }

  /**
   * @param part the next part of the answer; the callee has to release it
   * @return the bytes to send now; the receiver has to release it
   * @throws CallRefused if an address can't be replaced
   */
  public ByteBuf pass(ByteBuf part) {
    int before = (int) (windowFrom + window.length - passed);
    byte[] bytes = new byte[before + part.readableBytes()];
    System.arraycopy(window, window.length - before, bytes, 0, before);
    part.readBytes(bytes, before, part.readableBytes()).release();
    window = bytes;
    windowFrom = passed;
    out = buffers.buffer(bytes.length);
    try {
      scanner.read(bytes, before, bytes.length);
      long end = windowFrom + bytes.length;
      passUntil(addressFrom < 0 ? end : addressFrom);
      demand(end - passed <= LONGEST);
      return out;
    } catch (MalformedBody e) {
      out.release();
      throw unusable();
    } catch (CallRefused e) {
      out.release();
      throw e;
    }
  }

  /**
   * Called when the answer is complete.
   *
   * @throws CallRefused if the answer is not JSON
   */
  public void end() {
    try {
      scanner.end();
    } catch (MalformedBody e) {
      throw unusable();
    }
  }

  private void passUntil(long position) {
    out.writeBytes(window, (int) (passed - windowFrom), (int) (position - passed));
    passed = position;
  }

  private static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw unusable();
    }
  }

  private static CallRefused unusable() {
    return new CallRefused(CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  /** The value of a member with an address must be a text or null. */
  private final class Addresses implements JsonEvents {
    private final Set<String> members;
    private boolean isNext;

    Addresses(Set<String> members) {
      this.members = members;
    }

    @Override
    public void opened(boolean array) {
      demand(!isNext);
    }

    @Override
    public void closed() {
      isNext = false;
    }

    @Override
    public void name(ScannedText name) {
      isNext = !name.isLonger() && members.contains(name.toString());
    }

    @Override
    public boolean wantsText() {
      addressFrom = isNext ? scanner.position() : -1;
      return isNext;
    }

    @Override
    public void text(ScannedText text) {
      demand(!text.isCut());
      passUntil(addressFrom);
      passed = scanner.position() + 1;
      out.writeByte('"');
      out.writeBytes(replacement.apply(text.toString()).getBytes(US_ASCII));
      out.writeByte('"');
      addressFrom = -1;
      isNext = false;
    }

    @Override
    public void literal(String literal) {
      demand(!isNext || literal.equals("null"));
      isNext = false;
    }

    @Override
    public void other() {
      demand(!isNext);
    }
  }
}
