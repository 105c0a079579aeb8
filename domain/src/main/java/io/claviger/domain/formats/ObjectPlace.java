package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says how a member of a request can refer to objects at the provider or create them.
 *
 * @param name the member's documented name, for messages; empty if this is about the whole body or
 *     about unknown members
 * @param spellings the documented spellings of the name of a member that refers to objects. Other
 *     spellings of the name are refused, because some parsers ignore case or underscores
 * @param kind the kind of the object to which the value refers, or which a tool creates; null if
 *     there is no such object
 * @param harmless the test for texts that refer to nothing in an account, such as the provider's
 *     own skills
 * @param inside the members of the objects in the value, even if they are in arrays
 */
public record ObjectPlace(
    String name,
    Meaning meaning,
    List<String> spellings,
    @Nullable ObjectKind kind,
    Predicate<String> harmless,
    ObjectMembers inside) {

  /** The meaning of a member's value. */
  public enum Meaning {
    /**
     * Nothing is known about the value. A string that looks like an id is treated as a reference.
     */
    UNKNOWN,
    /**
     * A string is text from a person or program. Objects and arrays are searched for more members.
     */
    TEXT,
    /** The whole value is text or arbitrary data from a person or program. */
    OPAQUE,
    /** A string is a keyword of the API. */
    WORD,
    /** A string is a JSON object in Base64. This object has the members {@code inside}. */
    ENCODED,
    /** A string is the id of an object. Any other value is ambiguous. */
    REFERENCE,
    /** The value is an array of ids. */
    REFERENCES,
    /**
     * A string is the id of an object. If the value is a JSON object instead, it contains such an
     * id, or makes the provider create an object.
     */
    REFERENCE_OR_NEW,
    /**
     * A string, even in an array, might name a file on the machine of a self-hosted server, unless
     * the string is harmless. A string that has the form of an id is the id of an object.
     */
    FILE,
    /** A keyword that can make the provider create an object. */
    MAKER,
    /** A keyword or switch that can make the answer show content of the objects in the request. */
    REVEALING,
    /** The type of a tool. The type might be unknown, or make the provider create an object. */
    TOOL,
    /**
     * A keyword of the API. If the keyword is the version of a tool, the object that has the member
     * is a tool, although the API documents no tools there.
     */
    TOOL_ELSEWHERE,
    /**
     * Data that belongs to the caller, provided that the caller runs the tool. For any other tool,
     * the meaning of the data is unknown.
     */
    TOOL_DATA,
    /**
     * A member of a tool. With some keywords in this member, the provider creates no object for the
     * tool. With any other keyword, the provider creates an object.
     */
    EXEMPTION,
    /**
     * A member of a tool. With a harmless keyword, the type of the tool decides whether the
     * provider creates an object. With any other keyword, the provider creates an object.
     */
    TOOL_MAKER,
    /** A string that the gateway removes before it sends the request. */
    LEFT_OUT,
    /**
     * An array of citations, which state where an earlier answer found something. If a citation
     * names a file, the gateway removes all citations in the array.
     */
    CITATIONS,
    /**
     * Items that a caller has received and can send back. The value is an object or an array of
     * objects.
     */
    ITEMS,
    /**
     * The id of an item. The id refers to a stored item unless the request also contains the item's
     * content.
     */
    ITEM_ID,
    ITEM_TYPE,
    /** The id of another item, in the request or stored, which the provider relates to the item. */
    ITEM_LINK,
    /** A part of an item's content. The part is text unless it is an array or an object. */
    ITEM_CONTENT,
    /** Arbitrary data in an item's content. */
    ITEM_DATA
  }

  public static ObjectPlace of(String name, Meaning meaning, ObjectMembers inside) {
    return new ObjectPlace(name, meaning, List.of(name), null, text -> false, inside);
  }

  /** Whether a string with this meaning refers to an object. */
  public boolean isReference() {
    return meaning == Meaning.REFERENCE
        || meaning == Meaning.REFERENCES
        || meaning == Meaning.REFERENCE_OR_NEW
        || meaning == Meaning.FILE;
  }

  /**
   * Whether a string with this meaning is only text or data, and never the id of an account's
   * object.
   */
  public boolean isText() {
    return switch (meaning) {
      case TEXT,
          OPAQUE,
          WORD,
          TOOL_ELSEWHERE,
          REVEALING,
          LEFT_OUT,
          ITEM_LINK,
          ITEM_CONTENT,
          ITEM_DATA ->
          true;
      default -> false;
    };
  }

  public Optional<ObjectKind> kindIfAny() {
    return Optional.ofNullable(kind);
  }

  /**
   * Whether a member's name is spelled as documented. For members that name files, any spelling is
   * accepted.
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
