package io.claviger.application.audit.port;

import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.domain.keys.SealedValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Stores the chain of the audit trail. Links can't be changed or removed. The database notes each
 * event that is recorded as waiting for its link, in the transaction that records it.
 */
public interface AuditChainStore {
  /**
   * A link, and what is stored of its event.
   *
   * @param event empty if it is not there any more
   */
  record StoredLink(ChainLink link, Optional<EventTexts> event) {}

  /**
   * Links in the order of their numbers.
   *
   * @param last the number of the last one
   * @param links each is decoded by the thread that gets it
   */
  record LinkPage(long last, List<Supplier<StoredLink>> links) {
    public LinkPage {
      links = List.copyOf(links);
    }
  }

  /**
   * A key that signs heads.
   *
   * @param publicKey a SubjectPublicKeyInfo in base64
   * @param value the private key, sealed to the id of its public half
   * @param made when it was made, or what somebody has written there
   */
  record StoredKey(String id, String publicKey, SealedValue value, Instant made) {}

  /**
   * A session of the database that keeps nodes from adding links, or waits for its turn.
   *
   * @param role the role of its user
   * @param program what it calls itself; empty if that is not shown to this node
   * @param address where it connects from; empty for a local one, or if it is not shown
   * @param since when its transaction began; empty if that is not shown
   */
  record TurnHolder(
      int process, String role, String program, String address, Optional<Instant> since) {}

  /**
   * Keeps others from adding links until the transaction ends. The database ends the session of a
   * node that does nothing in this transaction for 30 seconds, because it has lost its way.
   *
   * @return false if another node adds links now
   */
  boolean tryLock();

  /** Finds the sessions of others that keep nodes from adding links, {@code 10} at most. */
  List<TurnHolder> turnHolders();

  /** Returns whether events may be waiting for links, without waiting for anybody. */
  boolean anyNoted();

  /**
   * Waits until nobody adds links, 30 seconds at most, and keeps others from it until the
   * transaction ends, as {@link #tryLock} does.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when it waited in vain
   */
  void lock();

  Optional<ChainLink> last();

  /**
   * Lists events without a link, the oldest first. Several may have one id, because the database
   * keeps ids apart only within a month; one of them can get a link. Events with a time before the
   * year 1 or after 9999 are left out. No node records such events, and no export can express them.
   *
   * @param most how many notes are looked at; some of them may be of no event that waits
   */
  List<EventTexts> waiting(int most);

  /**
   * How many events wait for links.
   *
   * @param oldest since when the oldest of them waits
   */
  record Waiting(long events, Optional<Instant> oldest) {}

  /** Counts the events that wait. */
  Waiting countWaiting();

  /** Returns the time of the oldest of the events that got the next links after a number. */
  Optional<Instant> oldestAfter(long number);

  /**
   * Adds links.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another link has such a number or
   *     is of such an event
   */
  void append(List<ChainLink> links);

  /**
   * Notes older events that were recorded before there was a chain as waiting.
   *
   * @return how many; 0 once there is none left
   */
  int noteOlder(int most);

  /**
   * Removes notes of events that have a link, are gone, or can't get a link, because of their time
   * or because another event's link has their id. Only who writes to the database by other means
   * makes such notes, and the removal of months.
   *
   * @return how many were of events that can't get a link
   */
  int removeStrayNotes();

  /** Lists links in the order of their numbers. */
  List<StoredLink> links(long afterNumber, int most);

  /** Reads the same faster, for callers that read all links. */
  default LinkPage page(long afterNumber, int most) {
    List<StoredLink> links = links(afterNumber, most);
    return new LinkPage(
        links.isEmpty() ? afterNumber : links.getLast().link().number(),
        links.stream().<Supplier<StoredLink>>map(link -> () -> link).toList());
  }

  /**
   * Returns the numbers of the first and the last link of a span of time; empty if there is none.
   */
  Optional<Range> range(TimeSpan span);

  /** The numbers of some links, both included. */
  record Range(long first, long last) {}

  /**
   * How many events get no link.
   *
   * @param unnoted how many events have no link and do not wait for one either
   * @param duplicates how many have the id of another event's link
   */
  record Unlinked(long unnoted, long duplicates) {}

  /** Counts events that get no link. */
  Unlinked countUnlinked();

  /**
   * An event with the id of another event's link.
   *
   * @param number the number of that link
   * @param linkedAt the time of the event of that link
   */
  record Duplicate(UUID id, Instant at, long number, Instant linkedAt) {}

  /** Lists the oldest events with the id of another event's link. */
  List<Duplicate> duplicates(int most);

  Optional<ChainHead> head();

  void putHead(ChainHead head);

  /** Lists the newest keys, perhaps those until a time, the newest first, at most a hundred. */
  List<StoredKey> keys(Optional<Instant> until);

  void insertKey(StoredKey key, Instant now);
}
