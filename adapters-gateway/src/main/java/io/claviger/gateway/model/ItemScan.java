package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import org.jspecify.annotations.Nullable;

/**
 * Reads conversation items that a caller sends to the provider again. An item with content needs no
 * id, so an edit removes the id. An item without content is a reference to the stored item.
 */
final class ItemScan {
  /**
   * Items of this type need content that is not empty; otherwise they count as items without
   * content.
   */
  private static final String REASONING = "reasoning";

  private final FoundReferences found;

  /** The depth of the current item; 0 outside of items. */
  private int itemDepth;

  private @Nullable String id;
  private boolean idIsOfCall;
  private boolean reasoning;
  private boolean hasContent;
  private boolean hasEmptyContent;

  /** Whether the current member is the id of the item. */
  private boolean atId;

  /**
   * The bytes that the edit removes with the id: the position of the first byte, and the position
   * after the last byte; -1 if unknown.
   */
  private long removeFrom;

  private long removeTo;

  /** The end of the last member's value; -1 before the first member. */
  private long lastEnd;

  ItemScan(FoundReferences found) {
    this.found = found;
  }

  /**
   * @param depth the depth inside the new array or object
   */
  void opened(ObjectPlace place, int depth, boolean array) {
    if (itemDepth == 0 && !array && place.meaning() == Meaning.ITEMS) {
      itemDepth = depth;
      id = null;
      idIsOfCall = false;
      reasoning = false;
      hasContent = false;
      hasEmptyContent = false;
      atId = false;
      removeFrom = -1;
      removeTo = -1;
      lastEnd = -1;
    } else if (isMember(depth - 1)) {
      // The elements of an array show whether it has content.
      hasEmptyContent |= isContent(place);
      hasContent |= isContent(place) && !array;
    }
  }

  private boolean isMember(int depth) {
    return itemDepth > 0 && depth == itemDepth;
  }

  private static boolean isContent(ObjectPlace place) {
    return place.meaning() == Meaning.ITEM_CONTENT || place.meaning() == Meaning.ITEM_DATA;
  }

  /** Called when a value begins. The value may be an element of the item's content array. */
  void valueBegins(ObjectPlace place, int depth) {
    hasContent |= itemDepth > 0 && depth == itemDepth + 1 && isContent(place);
  }

  /** Called after a non-empty value of the item that is neither an array nor an object. */
  void hasContent(ObjectPlace place, int depth) {
    hasContent |= isMember(depth) && isContent(place);
  }

  /**
   * @param begin the position of the opening quote of the name
   */
  void name(ObjectPlace place, int depth, long begin) {
    if (!isMember(depth)) {
      return;
    }
    if (removeFrom >= 0 && removeTo < 0) {
      removeTo = begin;
    }
    atId = place.meaning() == Meaning.ITEM_ID;
    if (atId && removeFrom < 0) {
      removeFrom = lastEnd < 0 ? begin : lastEnd;
    }
  }

  void id(ScannedText text) {
    id = text.beginning().toString();
  }

  void type(ScannedText text, ObjectPlace place) {
    String type = text.toString();
    idIsOfCall = place.harmless().test(type);
    reasoning = type.equals(REASONING);
  }

  /**
   * Called after a value.
   *
   * @param end the position after the value
   */
  void valueEnded(int depth, long end) {
    if (!isMember(depth)) {
      return;
    }
    if (atId && lastEnd >= 0) {
      removeTo = end;
    }
    atId = false;
    lastEnd = end;
  }

  /** Called when the innermost array or object ends. */
  void closed(int depth) {
    if (!isMember(depth)) {
      return;
    }
    itemDepth = 0;
    boolean complete = hasContent || (hasEmptyContent && !reasoning);
    if (id == null || (idIsOfCall && complete)) {
      return;
    }
    if (complete && removeTo >= 0) {
      found.item(id, new BodyEdits.Edit(removeFrom, removeTo - removeFrom, ""));
    } else {
      found.item(id);
    }
  }
}
