package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads conversation items that a caller sends to the provider again. An item with content needs no
 * id, so an edit removes the id. An item without content is a reference to the stored item.
 */
final class ItemScan {
  /**
   * The type of items whose content must not be empty. If the content of such an item is empty, the
   * item counts as an item without content.
   */
  private static final String REASONING = "reasoning";

  private final FoundReferences found;

  /** The depth of the current item; 0 outside of items. */
  private int itemDepth;

  /** What is known of the current item; null before the first item. */
  private @Nullable Item item;

  ItemScan(FoundReferences found) {
    this.found = found;
  }

  /** An item whose end has not been read yet. */
  private static final class Item {
    private FoundReferences.@Nullable ItemLink id;
    private boolean idIsOfCall;
    private boolean reasoning;
    private boolean hasContent;
    private boolean hasEmptyContent;

    /** Whether the current member is the id of the item. */
    private boolean atId;

    /**
     * The range of bytes that the edit removes together with the id: the position of its first
     * byte, and the position after its last byte; -1 if unknown.
     */
    private long removeFrom = -1;

    private long removeTo = -1;

    /** The end of the last member's value; -1 before the first member. */
    private long lastEnd = -1;
  }

  /**
   * @param depth the depth inside the new array or object
   */
  void opened(ObjectPlace place, int depth, boolean array) {
    if (itemDepth == 0 && !array && place.meaning() == Meaning.ITEMS) {
      itemDepth = depth;
      item = new Item();
    } else if (isMember(depth - 1)) {
      // Only the elements of an array show whether the array has content.
      current().hasEmptyContent |= isContent(place);
      current().hasContent |= isContent(place) && !array;
    }
  }

  private Item current() {
    return Objects.requireNonNull(item);
  }

  private boolean isMember(int depth) {
    return itemDepth > 0 && depth == itemDepth;
  }

  private static boolean isContent(ObjectPlace place) {
    return place.meaning() == Meaning.ITEM_CONTENT || place.meaning() == Meaning.ITEM_DATA;
  }

  /** Called when a value begins. The value can be an element of the item's content array. */
  void valueBegins(ObjectPlace place, int depth) {
    if (itemDepth > 0 && depth == itemDepth + 1 && isContent(place)) {
      current().hasContent = true;
    }
  }

  /**
   * Called after a value of the item, if the value is not empty and is neither an array nor an
   * object.
   */
  void hasContent(ObjectPlace place, int depth) {
    if (isMember(depth) && isContent(place)) {
      current().hasContent = true;
    }
  }

  /**
   * @param begin the position of the opening quote of the name
   */
  void name(ObjectPlace place, int depth, long begin) {
    if (!isMember(depth)) {
      return;
    }
    Item named = current();
    if (named.removeFrom >= 0 && named.removeTo < 0) {
      named.removeTo = begin;
    }
    named.atId = place.meaning() == Meaning.ITEM_ID;
    if (named.atId && named.removeFrom < 0) {
      named.removeFrom = named.lastEnd < 0 ? begin : named.lastEnd;
    }
  }

  /**
   * @param from the position of the opening quote
   * @param to the position after the closing quote
   */
  void id(ScannedText text, long from, long to) {
    current().id = new FoundReferences.ItemLink(FoundReferences.idIn(text), from, to);
  }

  /**
   * Reads the id of another item. An empty text names none. A text that is too long for an id makes
   * the body ambiguous.
   *
   * @param from the position of the opening quote
   * @param to the position after the closing quote
   */
  void link(ScannedText text, long from, long to) {
    boolean mayBeId = !text.isLonger() || FoundReferences.isLongId(text);
    found.demand(mayBeId);
    if (!text.isEmpty() && mayBeId) {
      found.link(new FoundReferences.ItemLink(text.toString(), from, to));
    }
  }

  void type(ScannedText text, ObjectPlace place) {
    String type = text.toString();
    current().idIsOfCall = place.harmless().test(type);
    current().reasoning = type.equals(REASONING);
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
    Item ended = current();
    if (ended.atId && ended.lastEnd >= 0) {
      ended.removeTo = end;
    }
    ended.atId = false;
    ended.lastEnd = end;
  }

  /** Called when the innermost array or object ends. */
  void closed(int depth) {
    if (!isMember(depth)) {
      return;
    }
    itemDepth = 0;
    Item whole = current();
    boolean complete = whole.hasContent || (whole.hasEmptyContent && !whole.reasoning);
    if (whole.id == null || (whole.idIsOfCall && complete)) {
      return;
    }
    if (complete && whole.removeTo >= 0) {
      found.item(
          whole.id, new BodyEdits.Edit(whole.removeFrom, whole.removeTo - whole.removeFrom, ""));
    } else {
      found.item(whole.id.id());
    }
  }
}
