package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.RequestedObjects;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the references that {@link ReferenceScan} and {@link FormReferenceScan} find in a body.
 */
final class FoundReferences {
  private final ObjectPlaces places;

  // Most bodies have no references, and no collections are made for such bodies.
  private List<ObjectReference> references = List.of();
  private List<ObjectReference> items = List.of();
  private List<BodyEdits.Edit> idsOfItems = List.of();
  private List<BodyEdits.Edit> leftOut = List.of();
  private Set<ObjectKind> made = Set.of();
  private Optional<String> unknownTool = Optional.empty();

  /** The reference that parsers may understand differently; null if there is no such reference. */
  private @Nullable ObjectReference unclear;

  private boolean showsContent;
  private boolean isEmptied;

  /**
   * The field of a form that is not sent, because the key is sent in its place; empty if there is
   * no such field.
   */
  private String fieldOfKey = "";

  FoundReferences(ObjectPlaces places) {
    this.places = places;
  }

  /** Ignores a field of a form, because the key is sent in place of the field. */
  void ignoreField(String field) {
    fieldOfKey = field;
  }

  /** Whether a field of a form is sent. */
  boolean isSent(String field) {
    return fieldOfKey.isEmpty() || !fieldOfKey.equals(field);
  }

  ObjectPlaces places() {
    return places;
  }

  /**
   * If the condition is false, records that two parsers may understand a reference in different
   * ways.
   */
  void demand(boolean fulfilled) {
    if (!fulfilled && unclear == null) {
      unclear = RequestedObjects.UNNAMED;
    }
  }

  /**
   * Does the same for a value at a place. The error names the value if references are expected at
   * that place.
   */
  void demand(boolean fulfilled, ObjectPlace place) {
    if (!fulfilled && (unclear == null || unclear.place().isEmpty())) {
      unclear =
          place.isReference() || place.meaning() == Meaning.LEFT_OUT
              ? new ObjectReference(kindAt(place), "", place.name())
              : RequestedObjects.UNNAMED;
    }
  }

  /** Does the same as {@link #known(ObjectPlace, String)} with a text that has been scanned. */
  void known(ObjectPlace place, ScannedText text) {
    demand(!text.isCut(), place);
    known(place, text.toString());
  }

  /**
   * Records a text that is a reference because of its place, unless this text is harmless at that
   * place. At a place where a file may be named, the text may also be the id of an object.
   */
  void known(ObjectPlace place, String id) {
    if (place.meaning() == Meaning.FILE && places.form().kindOf(id).isPresent()) {
      unknown(id);
    } else if (!place.harmless().test(id)) {
      add(new ObjectReference(kindAt(place), id, place.name()));
    }
  }

  /**
   * Records a text, or the name of a member, at a place that the table does not list, if the text
   * has the form of an id. Then the text is a reference.
   */
  void unknown(CharSequence text) {
    Optional<ObjectKind> kind = places.form().kindOf(text);
    if (kind.isPresent()) {
      add(new ObjectReference(kind.get(), text.toString().strip(), ""));
    }
  }

  /** Records a segment of the call's path, if the segment has the form of an id. */
  void encoded(String segment) {
    unknown(segment.indexOf('%') < 0 ? segment : QueryStringDecoder.decodeComponent(segment));
  }

  /** Records an item. The request contains only the id of this item, but not its content. */
  void item(String id) {
    add(new ObjectReference(ObjectKind.RESPONSES, id, RequestedObjects.ITEM));
  }

  /**
   * Records an item that the request contains together with its content. The edit removes the id of
   * the item.
   */
  void item(String id, BodyEdits.Edit removal) {
    if (items.size() <= RequestedObjects.MOST) {
      items = items.isEmpty() ? new ArrayList<>() : items;
      items.add(new ObjectReference(ObjectKind.RESPONSES, id, RequestedObjects.ITEM));
      idsOfItems = idsOfItems.isEmpty() ? new ArrayList<>() : idsOfItems;
      idsOfItems.add(removal);
    }
  }

  /** Records an edit that removes a member which must not be sent to the provider. */
  void leftOut(BodyEdits.Edit removal) {
    if (leftOut.size() == RequestedObjects.MOST) {
      demand(false); // Usual requests have few such members, and each costs an edit.
      return;
    }
    leftOut = leftOut.isEmpty() ? new ArrayList<>() : leftOut;
    leftOut.add(removal);
  }

  /** Records that the answer is to show the content of objects to which the body refers. */
  void showContent() {
    showsContent = true;
  }

  /** Records that the only member of the outermost object is not sent. */
  void nothingRemains() {
    isEmptied = true;
  }

  /** Whether the outermost object loses all its members, because none of them may be sent. */
  boolean isEmptied() {
    return isEmptied;
  }

  /**
   * Records a tool whose type is unknown.
   *
   * @param type the type of the tool; empty if the tool states no type
   */
  void unknownTool(String type) {
    if (unknownTool.isEmpty()
        || (RequestedObjects.isOfRouter(type) && !RequestedObjects.isOfRouter(unknownTool.get()))) {
      unknownTool = Optional.of(type);
    }
  }

  /**
   * Adds the references that were found in a part of the body; called once it is clear that these
   * references matter.
   */
  void addAll(FoundReferences part) {
    part.references.forEach(this::add);
    part.made.forEach(this::makes);
    part.unknownTool.ifPresent(this::unknownTool);
    showsContent |= part.showsContent;
    unclear = unclear == null ? part.unclear : unclear;
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
            && made.isEmpty()
            && unclear == null
            && unknownTool.isEmpty()
        ? RequestedObjects.NONE
        : new RequestedObjects(
            references, items, made, Optional.ofNullable(unclear), unknownTool, showsContent);
  }

  /**
   * Returns the edits that remove all members that must not be sent to the provider.
   *
   * @param keepsItems whether the ids of items remain if the items are sent together with their
   *     content
   */
  BodyEdits edits(boolean keepsItems) {
    BodyEdits ofMembers = leftOut.isEmpty() ? BodyEdits.NONE : BodyEdits.of(leftOut);
    return keepsItems || idsOfItems.isEmpty() ? ofMembers : ofMembers.and(BodyEdits.of(idsOfItems));
  }
}
