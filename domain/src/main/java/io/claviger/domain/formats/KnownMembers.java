package io.claviger.domain.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members of a body that are known to have at most as many tokens as bytes. A member that is
 * not listed might refer to something outside of the body. All names are in lower case and without
 * underscores, and members are compared in this form: a provider either treats another spelling as
 * the same member or ignores it.
 *
 * <p>A token of text has at least one byte, so a text has at most as many tokens as bytes. Members
 * with media are never listed, whether the body contains the media or only refers to them: the cost
 * of a picture depends on its pixels, and the cost of a document on its pages. A few kilobytes can
 * contain thousands of pixels or pages. The only known bound for media is the model's context
 * limit.
 *
 * @param settings members of the outermost object that the model does not read as text and that
 *     refer to nothing outside of the body
 * @param inner the same for members of an object that may set a maximum of output tokens, such as
 *     {@code generationConfig}
 * @param opaque members that are not searched, because they contain names that the caller chose
 * @param references members of the outermost object that only refer to input outside of the body or
 *     contain media
 * @param texts members of the outermost object that contain messages, parts of messages, or text
 * @param inside the meaning of the members of messages, and of the members of objects in messages
 * @param types the known types of the objects in messages; empty if objects have no type. The map's
 *     value is true if such an object either contains its text in encrypted form or refers to a
 *     text that is stored at the provider
 * @param listed the names in the five sets, and a few that many APIs have. The value of a name is
 *     the name itself, so that the name of a known member need not become a new string in each body
 */
public record KnownMembers(
    Set<String> settings,
    Set<String> inner,
    Set<String> opaque,
    Set<String> references,
    Set<String> texts,
    Names<Inside> inside,
    Names<Boolean> types,
    Names<String> listed) {
  /** The types of objects whose text is stored at the provider, or is encrypted in the object. */
  private static final Set<String> STORED_OR_SEALED =
      Set.of("reasoning", "compaction", "compaction_summary");

  /** The arrays whose elements a ranking reads one by one, each time together with the query. */
  public static final Set<String> RANKED = Set.of("documents", "texts", "passages");

  /** The members of the outermost object that let a provider use tools without a limit. */
  public static final Set<String> UNBOUNDED =
      names(
          "websearchoptions plugins mcpservers connectors datasources searchparameters"
              + " enablesearch");

  /** Members that let a provider choose among several models. */
  public static final Set<String> CHOICES =
      names("models fallbacks fallbackmodels contextwindowfallbacks contentpolicyfallbacks");

  /** Further members that occur in the bodies of many APIs. */
  private static final Set<String> OF_ANY_API = names("model tools stream");

  /** The meaning of a member in messages. */
  public enum Inside {
    NONE,
    UNKNOWN,
    /** The member contains the object's content, as text or as a list of parts. */
    CARRIER,
    /** The member contains a short value, or a part of the content. */
    CARRIED,
    /** The value is arbitrary JSON that the model reads as text. */
    VALUE,
    /**
     * The value is arbitrary JSON, but is not the object's content. So the object's id might refer
     * to a stored item although the object has this member.
     */
    VALUE_ASIDE,
    ID,
    TYPE,
    /** A text that refers to something outside of the body. */
    SEAL,
    /** Data whose meaning depends on the type of the object that contains the member. */
    DATA,
    /** The definition of a tool, in the form of an element of the request's tools. */
    TOOL,
    TOOLS
  }

  /** A map from names to values. Searching this map creates no strings. */
  public static final class Names<T> {
    private final @Nullable String[] names;
    private final List<@Nullable T> found;

    Names(Map<String, T> all) {
      int size = Integer.highestOneBit(Math.max(1, all.size())) * 4;
      this.names = new String[size];
      this.found = new ArrayList<@Nullable T>(Collections.nCopies(size, null));
      all.forEach(
          (name, value) -> {
            int at = place(name);
            names[at] = name;
            found.set(at, value);
          });
    }

    /** Returns the value for a name; null if the name is not listed. */
    public @Nullable T find(CharSequence name) {
      return found.get(place(name));
    }

    private int place(CharSequence name) {
      int hash = 0;
      for (int i = 0; i < name.length(); i++) {
        hash = 31 * hash + name.charAt(i);
      }
      int at = (hash ^ hash >>> 16) & (names.length - 1);
      while (names[at] != null && !names[at].contentEquals(name)) {
        at = (at + 1) & (names.length - 1);
      }
      return at;
    }
  }

  /**
   * @param carriers the members of messages with content that the model reads
   * @param carried the members of messages that are not among {@code carriers}
   * @param values members whose value is arbitrary JSON; they may be among {@code carriers}
   */
  static KnownMembers of(
      Set<String> settings,
      Set<String> opaque,
      Set<String> references,
      Set<String> texts,
      Set<String> carriers,
      Set<String> carried,
      Set<String> values,
      Set<String> types) {
    Map<String, Inside> inside = new HashMap<>();
    carried.forEach(name -> inside.put(name, Inside.CARRIED));
    carriers.forEach(name -> inside.put(name, Inside.CARRIER));
    values.forEach(
        name -> inside.put(name, carriers.contains(name) ? Inside.VALUE : Inside.VALUE_ASIDE));
    inside.computeIfPresent("id", (name, before) -> Inside.ID);
    inside.computeIfPresent("encryptedcontent", (name, before) -> Inside.SEAL);
    inside.computeIfPresent("data", (name, before) -> Inside.DATA);
    inside.computeIfPresent("source", (name, before) -> Inside.DATA);
    inside.computeIfPresent("definition", (name, before) -> Inside.TOOL);
    inside.put("tools", Inside.TOOLS);
    Map<String, Boolean> known = new HashMap<>();
    types.forEach(type -> known.put(type, STORED_OR_SEALED.contains(type)));
    if (types.isEmpty()) {
      inside.remove("type");
    } else {
      inside.put("type", Inside.TYPE);
    }
    return new KnownMembers(
        settings, Set.of(), opaque, references, texts, new Names<>(inside), new Names<>(known));
  }

  private KnownMembers(
      Set<String> settings,
      Set<String> inner,
      Set<String> opaque,
      Set<String> references,
      Set<String> texts,
      Names<Inside> inside,
      Names<Boolean> types) {
    this(
        settings,
        inner,
        opaque,
        references,
        texts,
        inside,
        types,
        new Names<>(
            Stream.of(settings, inner, opaque, references, texts, OF_ANY_API)
                .flatMap(Set::stream)
                .distinct()
                .collect(Collectors.toMap(name -> name, name -> name))));
  }

  /** Returns a copy that has further members among its {@code settings}. */
  KnownMembers withSettings(Set<String> further) {
    Set<String> all = new HashSet<>(settings);
    all.addAll(further);
    return new KnownMembers(Set.copyOf(all), inner, opaque, references, texts, inside, types);
  }

  /** Returns a copy with these members of an object that may set a maximum of output tokens. */
  KnownMembers withInner(Set<String> members) {
    return new KnownMembers(settings, members, opaque, references, texts, inside, types);
  }

  static Set<String> names(String separatedBySpaces) {
    return Set.copyOf(new HashSet<>(Arrays.asList(separatedBySpaces.split(" "))));
  }
}
