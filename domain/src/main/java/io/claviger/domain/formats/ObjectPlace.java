package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How the value of a request's member may refer to, or create, objects at the provider.
 *
 * @param name the member's name as the provider documents it, which messages state; empty for the
 *     whole body and for unknown members
 * @param spellings the documented spellings of a reference. Any other spelling is refused, because
 *     some parsers ignore case or underscores
 * @param kind the kind of the object to which the value refers, or which a tool creates; null if
 *     the value neither refers to nor creates an object
 * @param harmless the texts that do not refer to anything in an account, such as the provider's own
 *     skills
 * @param inside the members of objects in the value, including objects in arrays
 */
public record ObjectPlace(
    String name,
    Meaning meaning,
    List<String> spellings,
    @Nullable ObjectKind kind,
    Predicate<String> harmless,
    ObjectMembers inside) {

  /** The meaning of a value. */
  public enum Meaning {
    /**
     * Nothing is known about the value: a string that looks like an id is treated as a reference.
     */
    UNKNOWN,
    /** A string is text by a person or program. Objects and arrays are searched further. */
    TEXT,
    /** The whole value is text or arbitrary data by a person or program. */
    OPAQUE,
    /** A string is a keyword of the API. */
    WORD,
    /**
     * A string is JSON in Base64; the outermost object of that JSON has the members {@code inside}.
     */
    ENCODED,
    /** A string is the id of an object. If the value is not a string, it is ambiguous. */
    REFERENCE,
    /** An array of ids. */
    REFERENCES,
    /**
     * A string is the id of an object. An object contains the id, or makes the provider create an
     * object.
     */
    REFERENCE_OR_NEW,
    /**
     * Strings in this member, also in arrays, may name files on the machine of a self-hosted
     * server, unless they are harmless. If a string has the form of an id, it is the id of an
     * object.
     */
    FILE,
    /** A keyword that may make the provider create an object. */
    MAKER,
    /**
     * A keyword that may make the answer show the content of objects to which the request refers.
     */
    REVEALING,
    /** The type of a tool. The type may be unknown, or make the provider create an object. */
    TOOL,
    /**
     * Data of the caller in a tool that the caller runs. In other tools, the meaning of such data
     * is unknown.
     */
    TOOL_DATA,
    /**
     * A keyword that may prevent the provider from creating an object for the tool that contains
     * it. With all other keywords, the provider creates an object.
     */
    EXEMPTION,
    /** A string that the gateway removes before it sends the request. */
    LEFT_OUT,
    /** Items that a caller may send back. The value is an object, or an array of objects. */
    ITEMS,
    /** The id of an item. The id refers to the stored item unless the content is sent too. */
    ITEM_ID,
    ITEM_TYPE,
    /** A part of an item's content. The part is text, unless it is an array or an object. */
    ITEM_CONTENT,
    /** A part of an item's content that is arbitrary data. */
    ITEM_DATA
  }

  public static ObjectPlace of(String name, Meaning meaning, ObjectMembers inside) {
    return new ObjectPlace(name, meaning, List.of(name), null, text -> false, inside);
  }

  /** Whether a string in this place refers to an object. */
  public boolean isReference() {
    return meaning == Meaning.REFERENCE
        || meaning == Meaning.REFERENCES
        || meaning == Meaning.REFERENCE_OR_NEW
        || meaning == Meaning.FILE;
  }

  /**
   * Whether a string in this place is only text or data, and never the id of an object in an
   * account.
   */
  public boolean isText() {
    return switch (meaning) {
      case TEXT, OPAQUE, WORD, REVEALING, LEFT_OUT, ITEM_CONTENT, ITEM_DATA -> true;
      default -> false;
    };
  }

  public Optional<ObjectKind> kindIfAny() {
    return Optional.ofNullable(kind);
  }

  /**
   * Whether a member's name is a documented spelling. Names of files are recognised in any
   * spelling.
   */
  public boolean isSpelling(CharSequence written) {
    if (meaning == Meaning.FILE) {
      return true;
    }
    for (String spelling : spellings) {
      if (spelling.contentEquals(written)) {
        return true;
      }
    }
    return false;
  }
}
