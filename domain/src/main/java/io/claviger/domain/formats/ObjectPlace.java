package io.claviger.domain.formats;

import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the value of a member of a request may have to do with objects at the provider.
 *
 * @param name the member as the provider documents it, for messages; empty for the whole body and
 *     for members that nobody knows
 * @param spellings the documented spellings of a reference. Any other spelling is refused, because
 *     some readers ignore case or underscores
 * @param kind of the object to which a reference refers, or which a tool makes; null elsewhere
 * @param harmless the texts that refer to nothing in an account, such as the provider's own skills
 * @param inside the members of objects in the value, also of objects in arrays
 */
public record ObjectPlace(
    String name,
    Meaning meaning,
    List<String> spellings,
    @Nullable ObjectKind kind,
    Predicate<String> harmless,
    ObjectMembers inside) {

  /** What a value means. */
  public enum Meaning {
    /** Nobody knows. A string in it that has the form of an id is a reference. */
    UNKNOWN,
    /** A string is a text of people or programs. Anything else is read on. */
    TEXT,
    /** Whatever it is, it is a text of people or programs, or arbitrary data of theirs. */
    OPAQUE,
    /** A string is a word of the API. */
    WORD,
    /** A string is JSON in Base64, whose outermost object has the members. */
    ENCODED,
    /** A string is the id of an object. Nothing else is understood. */
    REFERENCE,
    /** An array of ids. */
    REFERENCES,
    /**
     * A string is the id of an object. An object contains the id, or makes the provider create what
     * it refers to.
     */
    REFERENCE_OR_NEW,
    /** A word that may say that the provider creates an object. */
    MAKER,
    /**
     * The type of a tool, which may be one that nobody knows, or make the provider create an
     * object.
     */
    TOOL,
    /** Data of the caller in a tool that the caller runs. In other tools, nobody knows. */
    TOOL_DATA,
    /**
     * Words, some of which say that the provider creates no object for the tool that contains them.
     * Others say that it does.
     */
    EXEMPTION,
    /** A string that is left out when the request is sent. */
    LEFT_OUT,
    /** Items that a caller may send back. They are objects, or an array of them. */
    ITEMS,
    /** The id of an item, which refers to the stored item unless the item has its content. */
    ITEM_ID,
    ITEM_TYPE,
    /** A part of an item's content: text, unless it is an array or object. */
    ITEM_CONTENT,
    /** A part of an item's content that is arbitrary data. */
    ITEM_DATA
  }

  public static ObjectPlace of(String name, Meaning meaning, ObjectMembers inside) {
    return new ObjectPlace(name, meaning, List.of(name), null, text -> false, inside);
  }

  /** Whether the value refers to an object, if it is a string. */
  public boolean isReference() {
    return meaning == Meaning.REFERENCE
        || meaning == Meaning.REFERENCES
        || meaning == Meaning.REFERENCE_OR_NEW;
  }

  /** Whether a text in this place is never the id of an object. */
  public boolean isText() {
    return switch (meaning) {
      case TEXT, OPAQUE, WORD, LEFT_OUT, ITEM_CONTENT, ITEM_DATA -> true;
      default -> false;
    };
  }

  public Optional<ObjectKind> kindIfAny() {
    return Optional.ofNullable(kind);
  }

  /** Whether a member's name is a documented spelling. */
  public boolean isSpelling(CharSequence written) {
    for (String spelling : spellings) {
      if (spelling.contentEquals(written)) {
        return true;
      }
    }
    return false;
  }
}
