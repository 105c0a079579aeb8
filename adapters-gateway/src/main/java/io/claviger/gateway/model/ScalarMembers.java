package io.claviger.gateway.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Collects the numbers, texts and literals of a JSON object, each with its path, while the object
 * arrives. Values in arrays are not collected. Everything else in the object is skipped in constant
 * memory.
 */
public final class ScalarMembers {
  /** The maximum number of members that are kept. */
  static final int MOST = 200;

  /** The longest text that is kept, in characters. */
  private static final int LONGEST_TEXT = 1_000;

  private static final int LONGEST_NAME = 100;

  /** The maximum number of names in a member's path. */
  private static final int DEEPEST = 4;

  private final Map<String, String> members = new HashMap<>();
  private final JsonScanner scanner = new JsonScanner(new Finder(), LONGEST_TEXT);
  private boolean malformed;
  private boolean isObject;

  public void read(byte[] bytes) {
    if (!malformed) {
      try {
        scanner.read(bytes, 0, bytes.length);
      } catch (MalformedBody e) {
        malformed = true;
      }
    }
  }

  /** Called at the end of the text. Returns the members; empty if the text is not an object. */
  public Optional<Map<String, String>> end() {
    try {
      scanner.end();
    } catch (MalformedBody e) {
      malformed = true;
    }
    return Optional.of(members).filter(found -> isObject && !malformed);
  }

  private final class Finder implements JsonEvents {
    /** The path of the innermost object whose members are kept. */
    private final List<String> path = new ArrayList<>();

    private @Nullable String member;
    private int depth;
    private int kept;

    /**
     * Whether the innermost object around the current value is on the path, so that the object's
     * members are kept.
     */
    private boolean isKept() {
      return depth == path.size() + 1;
    }

    @Override
    public void opened(boolean array) {
      isObject |= depth == 0 && !array;
      if (isKept() && member != null && !array) {
        path.add(member);
      }
      depth++;
      member = null;
    }

    @Override
    public void closed() {
      if (isKept() && !path.isEmpty()) {
        path.removeLast();
      }
      depth--;
      member = null;
    }

    @Override
    public void name(ScannedText name) {
      member =
          kept < MOST
                  && isKept()
                  && path.size() < DEEPEST
                  && name.length() <= LONGEST_NAME
                  && !name.isCut()
              ? name.toString()
              : null;
    }

    @Override
    public boolean wantsText() {
      return member != null;
    }

    @Override
    public void text(ScannedText text) {
      if (!text.isCut()) {
        keep(text.toString());
      }
      member = null;
    }

    @Override
    public void number(ScannedNumber number) {
      if (member != null) {
        OptionalLong plain = number.plainCount();
        if (plain.isPresent() || number.count().equals(OptionalLong.of(0))) {
          keep(Long.toString(plain.orElse(0)));
        }
      }
      member = null;
    }

    @Override
    public void literal(String literal) {
      if (!"null".equals(literal)) {
        keep(literal);
      }
      member = null;
    }

    @Override
    public void other() {
      member = null;
    }

    private void keep(String value) {
      String name = member;
      if (name != null) {
        kept++;
        members.put(path.isEmpty() ? name : String.join(".", path) + "." + name, value);
      }
    }
  }
}
