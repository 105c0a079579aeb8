package io.claviger.gateway.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides an array in a JSON document into its elements while the document is being forwarded. Only
 * objects are treated as elements. This class keeps in memory only the names of the members around
 * the array.
 */
public final class ArrayElements {
  /** Receives the bytes of the elements, one element after the other. */
  public interface Receiver {
    void piece(byte[] bytes, int from, int to);

    /** Called when the element is complete. */
    void end();
  }

  private final List<String> path;
  private final Receiver receiver;
  private final JsonScanner scanner = new JsonScanner(new Finder(), ScannedText.LONGEST);

  private byte[] piece = {};

  /** The document's position at which the current piece of input begins. */
  private long base;

  /** The position at which the current element begins; -1 if no element has begun. */
  private long elementFrom = -1;

  private boolean malformed;

  /**
   * @param path the names of the members that contain the array, outermost first
   */
  public ArrayElements(List<String> path, Receiver receiver) {
    this.path = List.copyOf(path);
    this.receiver = receiver;
  }

  public void read(byte[] bytes, int from, int to) {
    if (malformed || from == to) {
      return;
    }
    piece = bytes;
    base = scanner.position() - from;
    try {
      scanner.read(bytes, from, to);
    } catch (MalformedBody e) {
      malformed = true;
      return;
    }
    if (elementFrom >= 0) {
      pass(base + to);
    }
  }

  /** Whether the bytes so far are the beginning of a JSON document. */
  public boolean isReadable() {
    return !malformed;
  }

  private void pass(long end) {
    receiver.piece(piece, (int) (elementFrom - base), (int) (end - base));
    elementFrom = end;
  }

  private final class Finder implements JsonEvents {
    /**
     * The names of the members around the current value, as far as they match the path to the
     * array.
     */
    private final List<@Nullable String> open = new ArrayList<>();

    private @Nullable String member;
    private int depth;
    private int elementDepth;
    private int arrayDepth;

    @Override
    public void opened(boolean array) {
      depth++;
      if (elementDepth > 0) {
        return;
      }
      if (arrayDepth > 0 && depth == arrayDepth + 1) {
        if (!array) {
          elementDepth = depth;
          elementFrom = scanner.position();
        }
        return;
      }
      if (depth > 1 && open.size() == depth - 2) {
        open.add(member);
        if (array && open.equals(path)) {
          arrayDepth = depth;
        }
      }
      member = null;
    }

    @Override
    public void closed() {
      if (depth == elementDepth) {
        pass(scanner.position() + 1);
        elementFrom = -1;
        elementDepth = 0;
        receiver.end();
      }
      if (depth == arrayDepth) {
        arrayDepth = 0;
      }
      depth--;
      if (elementDepth == 0 && arrayDepth == 0 && depth > 0 && open.size() > depth - 1) {
        open.removeLast();
      }
      member = null;
    }

    @Override
    public void name(ScannedText name) {
      if (elementDepth == 0) {
        member = name.isLonger() ? null : name.toString();
      }
    }

    @Override
    public boolean wantsText() {
      return false;
    }

    @Override
    public void text(ScannedText text) {
      // This class needs no text.
    }

    @Override
    public void other() {
      // Values outside of the array do not matter.
    }
  }
}
