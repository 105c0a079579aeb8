package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of a conversation that a caller sends to the provider again. An item that is sent
 * together with its content needs no id, so an edit removes the id. An item that is sent without
 * its content is a reference to the stored item.
 */
final class ItemScan {
  /**
   * An item of one of these types is treated as having content only if the content is not empty.
   */
  private static final String REASONING = "reasoning";

  private final FoundReferences found;

  /** The depth of the item that is being read; 0 if no item is being read. */
  private int itemDepth;

  private @Nullable String id;
  private boolean idIsOfCall;
  private boolean reasoning;
  private boolean hasContent;
  private boolean hasEmptyContent;

  /** Whether the member that is being read is the id of the item. */
  private boolean atId;

  /**
   * The range of bytes that an edit removes together with the id: the position of the first byte,
   * and the position after the last; -1 if unknown.
   */
  private long removeFrom;

  private long removeTo;

  /** The position at which the value of the last member ended; -1 before the first member. */
  private long lastEnd;

  ItemScan(FoundReferences found) {
    this.found = found;
  }

  /**
   * @param depth the depth inside the array or object that begins
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

  /**
   * Called when a value begins. The value may be an element of an array that contains the content
   * of the item.
   */
  void valueBegins(ObjectPlace place, int depth) {
    hasContent |= itemDepth > 0 && depth == itemDepth + 1 && isContent(place);
  }

  /**
   * Called when a value of the item ends that is not empty and is neither an array nor an object.
   */
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
    id = text.toString();
  }

  void type(ScannedText text, ObjectPlace place) {
    String type = text.toString();
    idIsOfCall = place.harmless().test(type);
    reasoning = type.equals(REASONING);
  }

  /**
   * Called when a value has ended.
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
