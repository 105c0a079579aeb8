package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectOperations;
import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.RequestedObjects;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects the references that {@link ReferenceScan} and {@link FormReferenceScan} find in a body.
 */
final class FoundReferences {
  /** The prefix of the ids of approval requests, which are the only items that other items name. */
  private static final String OTHER_ID = "mcpr_";

  /** The outermost member that names the model. */
  private static final String MODEL = "model";

  private final ObjectPlaces places;

  // Most bodies have no references, and no collections are created for such bodies.
  private List<ObjectReference> references = List.of();
  private List<SentItem> items = List.of();
  private List<ItemLink> links = List.of();
  private List<BodyEdits.Edit> leftOut = List.of();
  private Set<ObjectKind> made = Set.of();
  private Optional<String> unknownTool = Optional.empty();

  /** A reference that parsers might understand differently; null if there is none. */
  private @Nullable ObjectReference unclear;

  /** The ids of those conversation items whose ids stay in the body. */
  private Set<String> kept = Set.of();

  private boolean showsContent;
  private boolean makesImages;
  private boolean asksForSpeech;

  /** The number of top-level members that a parser could read as the model. */
  private int models;

  private boolean namesModel;
  private boolean isEmptied;

  /**
   * The form field for the key: the gateway sends the key as the value of this field. Empty if the
   * service has no such field.
   */
  private String fieldOfKey = "";

  /**
   * An occurrence of an item's id in the body, with the positions before and after the whole
   * string.
   */
  record ItemLink(String id, long from, long to) {
    private BodyEdits.Edit replaced(String other) {
      return new BodyEdits.Edit(from, to - from, '"' + other + '"');
    }
  }

  /**
   * An item whose id and content are both in the request.
   *
   * @param link where the id occurs in the body
   * @param removal the edit that removes the id
   */
  private record SentItem(ItemLink link, BodyEdits.Edit removal) {}

  FoundReferences(ObjectPlaces places) {
    this.places = places;
  }

  /** Ignores a field of a form, because the gateway sends the key in this field. */
  void ignoreField(String field) {
    fieldOfKey = field;
  }

  /** Whether the gateway sends the caller's value of a form field. */
  boolean isSent(String field) {
    return fieldOfKey.isEmpty() || !fieldOfKey.equals(field);
  }

  ObjectPlaces places() {
    return places;
  }

  /**
   * Records that parsers might understand a reference differently, unless the condition is true.
   */
  void demand(boolean fulfilled) {
    if (!fulfilled && unclear == null) {
      unclear = RequestedObjects.UNNAMED;
    }
  }

  /**
   * If the condition is false, records that parsers might understand the value at this place
   * differently. If references are expected at this place, the error names the place.
   */
  void demand(boolean fulfilled, ObjectPlace place) {
    if (!fulfilled && (unclear == null || unclear.place().isEmpty())) {
      unclear =
          place.isReference() || place.meaning() == Meaning.LEFT_OUT
              ? new ObjectReference(kindAt(place), "", place.name())
              : RequestedObjects.UNNAMED;
    }
  }

  /**
   * Does the same as {@link #known(ObjectPlace, String)} for a scanned text. A text that is too
   * long for an id is refused unless the whole text is of a kind that is harmless at this place.
   * Such a text is never recorded as a reference, because its beginning might be the id of another
   * object.
   */
  void known(ObjectPlace place, ScannedText text) {
    if (!text.isLonger() || isLongId(text)) {
      known(place, text.toString());
    } else if ((text.isCut() || !place.harmless().test(text.toString()))
        && (unclear == null || unclear.place().isEmpty())) {
      unclear = new ObjectReference(kindAt(place), text.beginning().toString(), place.name());
    }
  }

  /** Whether a text that is longer than most ids can be an id nevertheless. */
  static boolean isLongId(ScannedText text) {
    return !text.isCut() && ObjectOperations.isPlain(text.toString());
  }

  /** Returns the id in a text; if the text is too long for an id, returns its beginning. */
  static String idIn(ScannedText text) {
    return (isLongId(text) ? text : text.beginning()).toString();
  }

  /**
   * Records a text as a reference because of its place, unless the text is harmless at this place.
   * At a place for files, the text might also be the id of another object.
   */
  void known(ObjectPlace place, String id) {
    if (place.meaning() == Meaning.FILE && places.form().kindOf(id).isPresent()) {
      unknown(id);
    } else if (!place.harmless().test(id)) {
      add(new ObjectReference(kindAt(place), id, place.name()));
    }
  }

  /**
   * Checks a text or the name of a member at a place that is not in the table. A text in the form
   * of an id is a reference.
   */
  void unknown(CharSequence text) {
    Optional<ObjectKind> kind = places.form().kindOf(text);
    if (kind.isPresent()) {
      add(new ObjectReference(kind.get(), text.toString().strip(), ""));
    }
  }

  /** Records a segment of the call's path if it has the form of an id. */
  void encoded(String segment) {
    unknown(segment.indexOf('%') < 0 ? segment : QueryStringDecoder.decodeComponent(segment));
  }

  /** Records an item of which the request contains only the id, and not the content. */
  void item(String id) {
    add(reference(id));
  }

  private static ObjectReference reference(String item) {
    return new ObjectReference(ObjectKind.RESPONSES, item, RequestedObjects.ITEM);
  }

  /**
   * Records an item whose id and content are both in the request.
   *
   * @param id the occurrence of the id in the body
   * @param removal the edit that removes the id
   */
  void item(ItemLink id, BodyEdits.Edit removal) {
    if (items.size() <= RequestedObjects.MOST) {
      items = items.isEmpty() ? new ArrayList<>() : items;
      items.add(new SentItem(id, removal));
    }
  }

  /** Records that an item names another item. */
  void link(ItemLink link) {
    if (links.size() == RequestedObjects.MOST) {
      demand(false); // Usual requests have few links, and each may cost an edit.
      return;
    }
    links = links.isEmpty() ? new ArrayList<>() : links;
    links.add(link);
  }

  /**
   * Decides which items keep their ids, and which ids may name items outside of the request. The
   * ids of all other items are removed, or replaced if another item names them.
   *
   * @return whether this changes the edits
   */
  boolean keepItems(Set<String> ids) {
    boolean changes = !kept.equals(ids);
    kept = ids;
    return changes;
  }

  /** Records an edit that removes a forbidden member. */
  void leftOut(BodyEdits.Edit removal) {
    if (leftOut.size() == RequestedObjects.MOST) {
      demand(false); // Usual requests have few such members, and each costs an edit.
      return;
    }
    leftOut = leftOut.isEmpty() ? new ArrayList<>() : leftOut;
    leftOut.add(removal);
  }

  /**
   * Records an edit that removes the elements of an array. All edits inside of the array are
   * dropped.
   *
   * @param from the position of the array's opening bracket
   * @param to the position after the closing bracket
   */
  void emptied(long from, long to) {
    if (!leftOut.isEmpty()) {
      leftOut.removeIf(edit -> edit.position() >= from);
    }
    leftOut(new BodyEdits.Edit(from, to - from, "[]"));
  }

  /** Whether the request refers to a file. */
  boolean hasFile() {
    return references.stream().anyMatch(each -> each.kind() == ObjectKind.FILES);
  }

  /** Records that the request wants the content of referenced objects in the answer. */
  void showContent() {
    showsContent = true;
  }

  /** Called at the beginning of a top-level member that a parser could read as the model. */
  void beginModel() {
    models++;
    namesModel = false;
  }

  /** Records that the current member names the model. */
  void nameModel() {
    namesModel = models == 1;
  }

  /** Records that the only top-level member is removed. */
  void nothingRemains() {
    isEmptied = true;
  }

  /** Whether all top-level members are removed. */
  boolean isEmptied() {
    return isEmptied;
  }

  /**
   * Records a tool whose type is unknown.
   *
   * @param type the type of the tool; empty if the tool has no type
   */
  void unknownTool(String type) {
    if (unknownTool.isEmpty()
        || (RequestedObjects.isOfRouter(type) && !RequestedObjects.isOfRouter(unknownTool.get()))) {
      unknownTool = Optional.of(type);
    }
  }

  /** Records a tool at a place where the API documents no tools. */
  void toolElsewhere(ObjectPlace place, String type) {
    unknownTool(type);
    if (places.tools().makes(type, false)) {
      makes(place);
    }
  }

  /** Adds the references from a part of the body, once it is clear that these references count. */
  void addAll(FoundReferences part) {
    part.references.forEach(this::add);
    part.made.forEach(this::makes);
    part.unknownTool.ifPresent(this::unknownTool);
    showsContent |= part.showsContent;
    makesImages |= part.makesImages;
    unclear = unclear == null ? part.unclear : unclear;
  }

  /** Records that the request asks the model to speak. */
  void askForSpeech() {
    asksForSpeech = true;
  }

  /** Whether the request asks the model to speak. */
  boolean asksForSpeech() {
    return asksForSpeech;
  }

  /** Records a tool with which the provider makes images. */
  void makesImages() {
    makesImages = true;
  }

  void makes(ObjectPlace place) {
    makes(kindAt(place));
  }

  private static ObjectKind kindAt(ObjectPlace place) {
    return place.kindIfAny().orElse(ObjectKind.OTHER);
  }

  private void makes(ObjectKind kind) {
    made = made.isEmpty() ? EnumSet.noneOf(ObjectKind.class) : made;
    made.add(kind);
  }

  private void add(ObjectReference reference) {
    if (references.size() <= RequestedObjects.MOST) {
      references = references.isEmpty() ? new ArrayList<>() : references;
      references.add(reference);
    }
  }

  RequestedObjects all() {
    return references.isEmpty()
            && items.isEmpty()
            && links.isEmpty()
            && made.isEmpty()
            && unclear == null
            && unknownTool.isEmpty()
            && !makesImages
        ? RequestedObjects.NONE
        : new RequestedObjects(
            references,
            named().map(FoundReferences::reference).toList(),
            made,
            Optional.ofNullable(unclear),
            unknownTool,
            showsContent,
            namesModel,
            makesImages);
  }

  /**
   * Returns the references in the name of a model that the gateway writes into the body. The body
   * itself may contain another name, such as the name of a service followed by the model.
   */
  RequestedObjects inModel(String name) {
    FoundReferences found = new FoundReferences(places);
    ObjectPlace place = places.body().inside().find(MODEL);
    if (place.meaning() == Meaning.FILE) {
      found.known(place, name);
    } else {
      found.unknown(name);
    }
    return found.all();
  }

  /**
   * Returns the ids of the items in the request, and the ids by which items name further items that
   * are not in the request.
   */
  private Stream<String> named() {
    Stream<String> sent = items.stream().map(item -> item.link().id());
    if (links.isEmpty()) {
      return sent;
    }
    Set<String> known = items.stream().map(item -> item.link().id()).collect(Collectors.toSet());
    return Stream.concat(
        sent, links.stream().map(ItemLink::id).filter(id -> !known.contains(id)).distinct());
  }

  /**
   * Returns the edits that remove all forbidden members, and the ids of items. If another item
   * names an item, the id is replaced in both items instead, so that the provider still finds the
   * named item. The new id is a number within the request, so it can't be the id of a stored
   * object. An id that names an item outside of the request is replaced, too.
   */
  BodyEdits edits() {
    if (leftOut.isEmpty() && items.isEmpty() && links.isEmpty()) {
      return BodyEdits.NONE;
    }
    List<BodyEdits.Edit> all = new ArrayList<>(leftOut);
    Map<String, String> others = otherIds();
    for (SentItem item : items) {
      String id = item.link().id();
      if (!kept.contains(id)) {
        String other = others.get(id);
        all.add(other == null ? item.removal() : item.link().replaced(other));
      }
    }
    for (ItemLink link : links) {
      String other = others.get(link.id());
      if (other != null) {
        all.add(link.replaced(other));
      }
    }
    return BodyEdits.of(all);
  }

  /** Returns the ids to replace, each with its new id. */
  private Map<String, String> otherIds() {
    if (links.isEmpty()) {
      return Map.of();
    }
    Set<String> named = links.stream().map(ItemLink::id).collect(Collectors.toSet());
    named.removeAll(kept);
    Map<String, String> others = new HashMap<>();
    Stream.concat(items.stream().map(SentItem::link), links.stream())
        .map(ItemLink::id)
        .filter(named::contains)
        .forEach(id -> others.putIfAbsent(id, OTHER_ID + (others.size() + 1)));
    return others;
  }
}
