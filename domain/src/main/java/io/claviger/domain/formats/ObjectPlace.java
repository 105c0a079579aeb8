package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a member of a request may refer to objects at the provider or create them.
 *
 * @param name the member's documented name, for messages; empty if the place is the whole body or
 *     an unknown member
 * @param spellings the documented spellings of a reference. Other spellings are refused, because
 *     some parsers ignore case or underscores
 * @param kind the kind of the object to which the value refers, or which a tool creates; null if
 *     there is no such object
 * @param harmless the texts that refer to nothing in an account, such as the provider's own skills
 * @param inside the members of objects in the value, also in arrays
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
     * Nothing is known about the value. A string that looks like an id is treated as a reference.
     */
    UNKNOWN,
    /** A string is text from a person or program. Objects and arrays are searched further. */
    TEXT,
    /** The whole value is text or arbitrary data from a person or program. */
    OPAQUE,
    /** A string is a keyword of the API. */
    WORD,
    /**
     * A string is JSON in Base64. The outermost object of the JSON has the members {@code inside}.
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
     * A string, also in an array, may name a file on the machine of a self-hosted server, unless
     * the string is harmless. If a string has the form of an id, it is the id of an object.
     */
    FILE,
    /** A keyword that can make the provider create an object. */
    MAKER,
    /** A keyword that can make the answer show content of the objects in the request. */
    REVEALING,
    /** A tool's type. The type might be unknown, or make the provider create an object. */
    TOOL,
    /**
     * A keyword of the API. If the keyword is the version of a tool, the object that has the member
     * is a tool, although the API documents no tools at this place.
     */
    TOOL_ELSEWHERE,
    /**
     * Data of the caller if the caller runs the tool. In other tools, the meaning of such data is
     * unknown.
     */
    TOOL_DATA,
    /**
     * A member of a tool whose keyword can keep the provider from creating an object for the tool.
     * With any other keyword, the provider creates an object.
     */
    EXEMPTION,
    /** A string that the gateway removes before it sends the request. */
    LEFT_OUT,
    /**
     * An array of citations, which state where an earlier answer found something. If a citation
     * names a file, the gateway removes all citations in the array.
     */
    CITATIONS,
    /** Items that a caller may send back. The value is an object or an array of objects. */
    ITEMS,
    /** The id of an item. The id refers to a stored item unless the content is sent too. */
    ITEM_ID,
    ITEM_TYPE,
    /** The id of another item. The provider finds the two items by this id. */
    ITEM_LINK,
    /** A part of an item's content. The value is text unless it is an array or an object. */
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
   * Whether a string in this place is only text or data, and never the id of an account's object.
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
   * Whether a member's name is spelled as documented. Names of files are recognised in any
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
