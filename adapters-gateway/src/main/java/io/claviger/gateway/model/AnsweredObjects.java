package io.claviger.gateway.model;

import io.claviger.domain.formats.AnsweredId;
import io.claviger.domain.formats.AnsweredId.Role;
import io.claviger.domain.formats.ObjectDetails;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.formats.ObjectOperations;
import io.claviger.domain.objects.ObjectName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects at the provider that an answer in JSON names. The answer can arrive in several
 * pieces. An id must be a plain text, and the member with the id must occur only once in its
 * object. An answer that breaks this rule is unusable, because parsers could read it differently.
 *
 * <p>The search takes linear time, and memory for at most {@value #MOST} ids.
 */
public final class AnsweredObjects {
  /**
   * The maximum number of ids in one answer. The answers of some models contain hundreds of items.
   */
  public static final int MOST = 500;

  /** The latest time that is accepted, in seconds since 1970: the end of the year 9999. */
  private static final long LATEST = 253_402_300_799L;

  /**
   * The deepest level of nesting at which the gateway looks for ids and other facts. Values that
   * are nested more deeply are scanned and ignored.
   */
  private static final int DEEPEST = 8;

  /** The pattern of a file's purpose: visible ASCII characters. */
  private static final Pattern PURPOSE = Pattern.compile("[!-~]{1,100}");

  /** The pattern of a file's size, if the answer states the size as a string. */
  private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

  private final Places places;
  private final JsonScanner scanner;
  private final Finder finder = new Finder();
  private final Set<String> self = new LinkedHashSet<>(2);
  private final Set<FoundObject> further = new LinkedHashSet<>();
  private Optional<Instant> expires = Optional.empty();
  private Optional<String> purpose = Optional.empty();
  private long bytes;
  private boolean unusable;

  /**
   * A node in the tree of those values in an answer that can name objects. A node stands for a
   * member of a JSON object or an element of an array.
   */
  private static final class PlaceNode {
    final Map<String, PlaceNode> members = new HashMap<>(4);
    @Nullable AnsweredId id;
    @Nullable Detail detail;

    PlaceNode at(List<String> names) {
      PlaceNode node = this;
      for (String name : names) {
        node = node.members.computeIfAbsent(name, n -> new PlaceNode());
      }
      return node;
    }

    boolean isLeaf() {
      return id != null || detail != null;
    }
  }

  private enum Detail {
    EXPIRES,
    BYTES,
    PURPOSE
  }

  /**
   * The known places of ids and other facts about objects in the answers of one operation. Several
   * answers can share one object of this class.
   */
  public static final class Places {
    private final PlaceNode document = new PlaceNode();

    /**
     * Whether the id of the main object is needed. An id that is not needed may be missing or
     * unusable.
     */
    private final boolean needsSelf;

    public Places(ObjectOperation operation) {
      needsSelf = operation.effect() != ObjectOperation.Effect.LEAVE;
      for (AnsweredId each : operation.answered()) {
        document.at(each.names()).id = each;
      }
      ObjectDetails details = operation.details();
      add(details.expires(), Detail.EXPIRES);
      add(details.bytes(), Detail.BYTES);
      add(details.purpose(), Detail.PURPOSE);
    }

    private void add(String name, Detail detail) {
      if (!name.isEmpty()) {
        document.at(List.of(name.split("\\."))).detail = detail;
      }
    }
  }

  /**
   * An object that the provider created in addition to the main object of the operation.
   *
   * @param isPart whether the created object is part of the main object
   * @param purpose what the provider uses the object for; empty if this is not clear from the
   *     object's place in the answer
   */
  public record FoundObject(ObjectName name, boolean isPart, Optional<String> purpose) {}

  public AnsweredObjects(Places places) {
    this.places = places;
    this.scanner = new JsonScanner(finder, ObjectName.LONGEST);
  }

  public void read(byte[] piece, int from, int to) {
    if (!unusable) {
      try {
        scanner.read(piece, from, to);
      } catch (MalformedBody e) {
        unusable = true;
      }
    }
  }

  /** Called when the answer is complete. */
  public void end() {
    if (!unusable) {
      try {
        scanner.end();
      } catch (MalformedBody e) {
        unusable = true;
      }
    }
  }

  /**
   * Whether the answer so far is JSON that all parsers understand in the same way, and contains
   * each id only once.
   */
  public boolean isUsable() {
    return !unusable && self.size() <= 1;
  }

  /**
   * The id of the object that the operation created or read; empty if the answer contains no id.
   */
  public Optional<String> self() {
    return self.stream().findFirst();
  }

  /** The objects that the provider created in addition to the main object of the operation. */
  public Set<FoundObject> further() {
    return further;
  }

  /**
   * When the object expires; empty if the object does not expire or the answer does not say when.
   */
  public Optional<Instant> expires() {
    return expires;
  }

  /** The purpose of the object; empty if the answer does not say. */
  public Optional<String> purpose() {
    return purpose;
  }

  /** The size of the object in bytes; 0 if the answer does not say. */
  public long bytes() {
    return bytes;
  }

  private final class Finder implements JsonEvents {
    private final List<@Nullable PlaceNode> open = new ArrayList<>(DEEPEST);
    private final List<Set<PlaceNode>> seen = new ArrayList<>(DEEPEST);
    private final List<Boolean> arrays = new ArrayList<>(DEEPEST);

    /**
     * The number of those JSON objects and arrays around the current value that can't contain ids
     * or other known facts.
     */
    private int skipped;

    private @Nullable PlaceNode member;

    /** The place of the current value; null if this place is unknown. */
    private @Nullable PlaceNode place() {
      if (skipped > 0) {
        return null;
      }
      if (open.isEmpty()) {
        return places.document;
      }
      return arrays.getLast() ? child("[]") : member;
    }

    private @Nullable PlaceNode child(String name) {
      PlaceNode container = open.getLast();
      return container == null ? null : container.members.get(name);
    }

    @Override
    public void opened(boolean array) {
      PlaceNode place = place();
      if (place == null || open.size() == DEEPEST) {
        skipped++;
        return;
      }
      if (place.isLeaf()) {
        notAText(place);
      }
      open.add(place);
      seen.add(new HashSet<>(4));
      arrays.add(array);
    }

    @Override
    public void closed() {
      if (skipped > 0) {
        skipped--;
      } else {
        open.removeLast();
        seen.removeLast();
        arrays.removeLast();
      }
      member = null;
    }

    @Override
    public void name(ScannedText name) {
      if (skipped > 0) {
        return;
      }
      member = name.isLonger() ? null : child(name.toString());
      if (member != null && !seen.getLast().add(member)) {
        unusable = true;
      }
    }

    @Override
    public boolean wantsText() {
      PlaceNode place = place();
      return place != null && place.isLeaf();
    }

    @Override
    public void text(ScannedText text) {
      PlaceNode place = place();
      if (place == null) {
        return;
      }
      if (place.id != null) {
        id(place.id, text);
      } else if (place.detail == Detail.BYTES && SIZE.matcher(text.toString()).matches()) {
        bytes = Long.parseLong(text.toString());
      } else if (place.detail == Detail.EXPIRES && !text.isLonger()) {
        time(text.toString());
      } else if (place.detail == Detail.PURPOSE && !text.isLonger()) {
        purpose = Optional.of(text.toString()).filter(PURPOSE.asMatchPredicate());
      }
    }

    private void id(AnsweredId at, ScannedText text) {
      String stated = text.toString();
      boolean hasPrefix = stated.startsWith(at.prefix());
      String id = hasPrefix ? stated.substring(at.prefix().length()) : "";
      boolean isId = !text.isCut() && ObjectOperations.isPlain(id);
      if (!isId || self.size() + further.size() == MOST) {
        unusable |= isNeeded(at);
      } else if (at.role() == Role.SELF) {
        self.add(id);
      } else {
        further.add(
            new FoundObject(
                new ObjectName(at.kind(), id), at.role() != Role.FURTHER, at.purpose()));
      }
    }

    private void time(String text) {
      try {
        expires =
            Optional.of(
                Instant.ofEpochSecond(Math.clamp(Instant.parse(text).getEpochSecond(), 0, LATEST)));
      } catch (DateTimeException notATime) {
        unusable = true;
      }
    }

    @Override
    public void other() {
      notAText(place());
    }

    @Override
    public void number(ScannedNumber number) {
      PlaceNode place = place();
      if (place != null && place.detail == Detail.BYTES) {
        bytes = number.count().orElse(0);
      } else if (place != null && place.detail == Detail.EXPIRES) {
        expires = Optional.of(Instant.ofEpochSecond(Math.min(number.count().orElse(0), LATEST)));
      } else {
        notAText(place);
      }
    }

    @Override
    public void literal(String literal) {
      if (!literal.equals("null")) {
        notAText(place());
      }
    }

    /**
     * Called for each value that is not a string. If the place requires an id, the value is
     * invalid.
     */
    private void notAText(@Nullable PlaceNode place) {
      unusable |= place != null && place.id != null && isNeeded(place.id);
    }

    private boolean isNeeded(AnsweredId id) {
      return places.needsSelf || id.role() != Role.SELF;
    }
  }
}
