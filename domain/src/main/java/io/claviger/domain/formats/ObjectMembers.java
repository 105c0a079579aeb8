package io.claviger.domain.formats;

import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.RequestedObjects;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members that one kind of JSON object can have in requests, and what they mean. A member that
 * is not listed is unknown; in its value, only those members are recognized that are known
 * everywhere. Members are looked up by their names in lower case and without underscores.
 *
 * <p>Each format describes its requests by such objects. An object can contain itself, because a
 * part of a message can contain parts. So each object is created empty and filled afterwards, but
 * only while the class of its format is loaded.
 */
public final class ObjectMembers {
  private final Map<String, ObjectPlace> listed = new HashMap<>();
  private final ObjectMembers everywhere;
  private final ObjectPlace unknown;
  private KnownMembers.@Nullable Names<ObjectPlace> found;
  private @Nullable ObjectPlace path;
  private @Nullable ObjectPlace address;
  private boolean isTool;
  private boolean demandsType;
  private boolean isChosen;
  private boolean areTools;

  /**
   * @param known the members that are known everywhere; null if they will be added to this object
   * @param each the meaning of members that are not listed; null if nothing is known about them
   */
  private ObjectMembers(@Nullable ObjectMembers known, @Nullable ObjectPlace each) {
    this.everywhere = known == null ? this : known;
    this.unknown = each == null ? ObjectPlace.of("", Meaning.UNKNOWN, everywhere) : each;
  }

  /**
   * Returns an empty object, to which the members that are known everywhere (except in text) still
   * have to be added.
   */
  static ObjectMembers everywhere() {
    return new ObjectMembers(null, null);
  }

  /**
   * Returns a new, empty object. In its unknown members, the members that are known everywhere are
   * recognized.
   */
  ObjectMembers object() {
    return new ObjectMembers(everywhere, null);
  }

  /**
   * Returns an object whose members' names are chosen by the caller. Strings in these members are
   * text.
   *
   * @param inside the members of the objects that are values of the returned object's members
   */
  static ObjectMembers named(ObjectMembers inside) {
    return new ObjectMembers(null, ObjectPlace.of("", Meaning.TEXT, inside));
  }

  /**
   * Returns an object with data of the caller. Members that are not listed contain arbitrary data.
   */
  static ObjectMembers data() {
    return new ObjectMembers(null, ObjectPlace.of("", Meaning.OPAQUE, everywhere()));
  }

  /** Adds members whose strings are text. */
  ObjectMembers text(String separatedBySpaces) {
    return text(separatedBySpaces, everywhere);
  }

  /** Adds members whose strings are text, and whose objects have the given members. */
  ObjectMembers text(String separatedBySpaces, ObjectMembers inside) {
    return add(separatedBySpaces, Meaning.TEXT, inside);
  }

  /** Adds members that contain only text and arbitrary data. */
  ObjectMembers opaque(String separatedBySpaces) {
    return add(separatedBySpaces, Meaning.OPAQUE, everywhere);
  }

  /**
   * Adds a member with a string that is a JSON object in Base64. This object has the given members.
   */
  ObjectMembers encoded(String name, ObjectMembers inside) {
    return add(name, Meaning.ENCODED, inside);
  }

  /** Adds members with strings that are keywords of the API. */
  ObjectMembers word(String separatedBySpaces) {
    return add(separatedBySpaces, Meaning.WORD, everywhere);
  }

  /**
   * Adds a member with keywords of the API. If such a keyword is the version of a tool, the object
   * that contains the member is a tool.
   *
   * @param kind the kind of objects that the provider might create for the tool
   */
  ObjectMembers wordOrTool(ObjectKind kind, String name) {
    return add(name, Meaning.TOOL_ELSEWHERE, kind, ObjectMembers::none, everywhere);
  }

  /** Adds members that the gateway removes before it sends the request. */
  ObjectMembers leftOut(String separatedBySpaces) {
    return add(separatedBySpaces, Meaning.LEFT_OUT, everywhere);
  }

  /** Adds a member with an array of citations that have the given members. */
  ObjectMembers citations(String name, ObjectMembers citation) {
    return add(name, Meaning.CITATIONS, citation);
  }

  /** Adds members with objects that have the given members. */
  ObjectMembers inside(String separatedBySpaces, ObjectMembers inside) {
    return add(separatedBySpaces, Meaning.UNKNOWN, inside);
  }

  /**
   * @param spellings the spellings of one member, separated by spaces
   */
  ObjectMembers reference(ObjectKind kind, String spellings) {
    return reference(kind, spellings, ObjectMembers::none);
  }

  /**
   * @param harmless the test for texts that refer to nothing in an account
   */
  ObjectMembers reference(ObjectKind kind, String spellings, Predicate<String> harmless) {
    return add(spellings, Meaning.REFERENCE, kind, harmless, everywhere);
  }

  ObjectMembers references(ObjectKind kind, String spellings) {
    return add(spellings, Meaning.REFERENCES, kind, ObjectMembers::none, everywhere);
  }

  /**
   * Adds members that might name files on the machine of a self-hosted server.
   *
   * @param harmless the test for texts that name no file. An empty text counts as harmless, too
   * @param inside the members of an object that may be given instead of such a name
   */
  ObjectMembers file(String separatedBySpaces, Predicate<String> harmless, ObjectMembers inside) {
    for (String name : separatedBySpaces.split(" ")) {
      add(name, Meaning.FILE, ObjectKind.OTHER, harmless.or(String::isEmpty), inside);
    }
    return this;
  }

  /**
   * Adds a rule for members that are not listed: if the name of such a member ends with <i>path</i>
   * or <i>paths</i>, the member might name files. The rule applies to all objects that are created
   * from this object.
   */
  ObjectMembers paths() {
    path =
        new ObjectPlace(
            RequestedObjects.PATH,
            Meaning.FILE,
            List.of(),
            ObjectKind.OTHER,
            String::isEmpty,
            everywhere);
    return this;
  }

  /**
   * Adds a rule for members that are not listed: if the name of such a member ends with <i>url</i>
   * or <i>urls</i> and has another word before that, the member might name files. The rule applies
   * to all objects that are created from this object.
   *
   * @param harmless the test for texts that name no file. An empty text counts as harmless, too
   * @param inside the members of an object that may be given instead of such a text
   */
  ObjectMembers urls(Predicate<String> harmless, ObjectMembers inside) {
    address =
        new ObjectPlace(
            RequestedObjects.URL,
            Meaning.FILE,
            List.of(),
            ObjectKind.OTHER,
            harmless.or(String::isEmpty),
            inside);
    return this;
  }

  /**
   * Adds a member whose value is an id if it is a string. If the value is an object, the provider
   * creates an object.
   */
  ObjectMembers referenceOrNew(ObjectKind kind, String name) {
    return referenceOrNew(kind, name, everywhere);
  }

  /**
   * @param inside the members of an object that may be given instead of an id
   */
  ObjectMembers referenceOrNew(ObjectKind kind, String name, ObjectMembers inside) {
    return add(name, Meaning.REFERENCE_OR_NEW, kind, ObjectMembers::none, inside);
  }

  /**
   * Adds a member whose value can make the provider create an object.
   *
   * @param harmless the test for values for which the provider creates no object
   */
  ObjectMembers maker(ObjectKind kind, String name, Predicate<String> harmless) {
    return add(name, Meaning.MAKER, kind, harmless, everywhere);
  }

  /**
   * Adds a member with values that can make the answer show content of the objects in the request.
   * The value {@code false} never does.
   *
   * @param harmless the test for texts with which the answer shows no such content
   */
  ObjectMembers revealing(String name, Predicate<String> harmless) {
    return add(name, Meaning.REVEALING, null, harmless, everywhere);
  }

  /**
   * Turns this object into a tool, and adds the member for the tool's type.
   *
   * @param kind the kind of objects that the provider might create for the tool
   * @param typed whether the provider requires a type
   */
  ObjectMembers tool(ObjectKind kind, boolean typed) {
    isTool = true;
    demandsType = typed;
    return add("type", Meaning.TOOL, kind, ObjectMembers::none, everywhere);
  }

  /** Marks this object as one that only names a tool, which the request defines elsewhere. */
  ObjectMembers chosen() {
    isChosen = true;
    return this;
  }

  /** Marks each member of this object as a tool. A member that is not listed is an unknown tool. */
  ObjectMembers eachATool() {
    areTools = true;
    return this;
  }

  /**
   * Adds members of a tool. If the caller runs the tool, these members contain the caller's own
   * data.
   */
  ObjectMembers toolData(String separatedBySpaces) {
    return add(separatedBySpaces, Meaning.TOOL_DATA, everywhere);
  }

  /**
   * Adds a member of a tool. Some of the member's values keep the provider from creating an object
   * for the tool.
   *
   * @param harmless the test for values with which the provider creates no object
   * @param inside the members of an object that may be given instead of such a value
   */
  ObjectMembers exemption(
      ObjectKind kind, String name, Predicate<String> harmless, ObjectMembers inside) {
    return add(name, Meaning.EXEMPTION, kind, harmless, inside);
  }

  /**
   * Adds a member of a tool. Most of the member's values make the provider create an object.
   *
   * @param harmless the test for values that do not matter: the tool's type decides
   * @param inside the members of an object that may be given instead of such a value
   */
  ObjectMembers toolMaker(
      ObjectKind kind, String name, Predicate<String> harmless, ObjectMembers inside) {
    return add(name, Meaning.TOOL_MAKER, kind, harmless, inside);
  }

  ObjectMembers items(String name, ObjectMembers item) {
    return add(name, Meaning.ITEMS, item);
  }

  /**
   * Adds the id and type of an item.
   *
   * @param ids the test for the types of items whose id is a tool call's id
   */
  ObjectMembers item(Predicate<String> ids) {
    add("id", Meaning.ITEM_ID, ObjectKind.RESPONSES, ObjectMembers::none, everywhere);
    return add("type", Meaning.ITEM_TYPE, null, ids, everywhere);
  }

  /** Adds a member with the id of another item, which is in the same request or stored. */
  ObjectMembers link(String name) {
    return add(name, Meaning.ITEM_LINK, everywhere);
  }

  ObjectMembers content(String separatedBySpaces, ObjectMembers inside) {
    return add(separatedBySpaces, Meaning.ITEM_CONTENT, inside);
  }

  ObjectMembers data(String separatedBySpaces) {
    return add(separatedBySpaces, Meaning.ITEM_DATA, everywhere);
  }

  private ObjectMembers add(String separatedBySpaces, Meaning meaning, ObjectMembers inside) {
    for (String name : separatedBySpaces.split(" ")) {
      listed.put(folded(name), ObjectPlace.of(name, meaning, inside));
    }
    return this;
  }

  private ObjectMembers add(
      String spellings,
      Meaning meaning,
      @Nullable ObjectKind kind,
      Predicate<String> harmless,
      ObjectMembers inside) {
    List<String> all = List.of(spellings.split(" "));
    listed.put(
        folded(all.getFirst()),
        new ObjectPlace(all.getFirst(), meaning, all, kind, harmless, inside));
    return this;
  }

  private static String folded(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the place of the member with the given name, which is in lower case and has no
   * underscores.
   */
  public ObjectPlace find(CharSequence folded) {
    KnownMembers.Names<ObjectPlace> names = found;
    if (names == null) {
      Map<String, ObjectPlace> all = new HashMap<>(everywhere.listed);
      all.putAll(listed);
      names = new KnownMembers.Names<>(all);
      found = names;
    }
    ObjectPlace place = names.find(folded);
    if (place != null) {
      return place;
    }
    ObjectPlace ofPaths = everywhere.path;
    if (ofPaths != null && isPath(folded)) {
      return ofPaths;
    }
    ObjectPlace ofUrls = everywhere.address;
    return ofUrls != null && isUrl(folded) ? ofUrls : unknown;
  }

  private static boolean isUrl(CharSequence folded) {
    int end = folded.length();
    int from = end - (end > 0 && folded.charAt(end - 1) == 's' ? 4 : 3);
    boolean isWord = from == 1 && (folded.charAt(0) == 'p' || folded.charAt(0) == 'c');
    return from > 0
        && !isWord // purl and curl are words of their own
        && folded.charAt(from) == 'u'
        && folded.charAt(from + 1) == 'r'
        && folded.charAt(from + 2) == 'l';
  }

  private static boolean isPath(CharSequence folded) {
    int end = folded.length();
    int from = end - (end > 0 && folded.charAt(end - 1) == 's' ? 5 : 4);
    return from >= 0
        && folded.charAt(from) == 'p'
        && folded.charAt(from + 1) == 'a'
        && folded.charAt(from + 2) == 't'
        && folded.charAt(from + 3) == 'h';
  }

  /** Whether an object with the given members is a tool. */
  public boolean isTool() {
    return isTool;
  }

  /** Whether each member of this object is a tool whose type is the member's name. */
  public boolean areTools() {
    return areTools;
  }

  /** Whether this object only names a tool, which the request defines elsewhere. */
  public boolean isChosen() {
    return isChosen;
  }

  /** Whether the provider requires tools to state their type. */
  public boolean demandsType() {
    return demandsType;
  }

  /** Returns the members that are known everywhere in a body, except in text. */
  public Collection<ObjectPlace> known() {
    return List.copyOf(everywhere.listed.values());
  }

  private static boolean none(String text) {
    return false;
  }
}
