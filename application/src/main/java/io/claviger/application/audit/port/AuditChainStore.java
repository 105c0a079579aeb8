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
 * Stores the hash chain of the audit trail. Links can't be changed or removed. In the transaction
 * that records an event, the database also stores a note that the event is waiting for its link.
 */
public interface AuditChainStore {
  /**
   * A link and its stored event.
   *
   * @param event empty if the event was removed
   */
  record StoredLink(ChainLink link, Optional<EventTexts> event) {}

  /**
   * Links in the order of their numbers.
   *
   * @param last the number of the last link
   * @param links suppliers of the links; each decodes its link in the thread that calls it
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
   * @param value the private key, sealed so that it can be opened only together with the id of the
   *     public key
   * @param made when the key was created; this value is not protected, so somebody may have changed
   *     it
   */
  record StoredKey(String id, String publicKey, SealedValue value, Instant made) {}

  /**
   * A database session that prevents nodes from adding links, or that waits until it may add links.
   *
   * @param role the database role of the session
   * @param program the application name of the session; empty if this node is not allowed to see
   *     that name
   * @param address the address from which the session connects; empty if the session is local, or
   *     if this node is not allowed to see the address
   * @param since when the session's transaction began; empty if this node is not allowed to see
   *     that time
   */
  record TurnHolder(
      int process, String role, String program, String address, Optional<Instant> since) {}

  /**
   * Prevents other transactions from adding links until the transaction ends. If the node does
   * nothing in this transaction for 30 seconds, the database ends its session, so that a node that
   * hangs does not keep other nodes from sealing.
   *
   * @return false if another node is adding links now
   */
  boolean tryLock();

  /**
   * Finds the database sessions of other nodes and programs that keep nodes from adding links,
   * {@code 10} at most.
   */
  List<TurnHolder> turnHolders();

  /** Returns whether events may be waiting for links. This method does not wait for locks. */
  boolean anyNoted();

  /**
   * Waits until no other node adds links, but at most 30 seconds. Then keeps other transactions
   * from adding links until the transaction ends, as {@link #tryLock} does.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another node still adds links
   *     after 30 seconds
   */
  void lock();

  Optional<ChainLink> last();

  /**
   * Lists events without a link, the oldest first. Several events may have the same id, because the
   * database enforces unique ids only within a month; only one of these events can get a link.
   * Events with a time before the year 1 or after 9999 are left out. No node records events of this
   * kind, and no export can represent such times.
   *
   * @param most how many notes are read; fewer events are returned if some of the notes do not
   *     belong to a waiting event
   */
  List<EventTexts> waiting(int most);

  /**
   * The events that wait for links.
   *
   * @param oldest the time since which the oldest of these events has waited
   */
  record Waiting(long events, Optional<Instant> oldest) {}

  /** Counts the events that wait. */
  Waiting countWaiting();

  /**
   * Returns the time of the oldest event among the next events whose links have a greater number.
   */
  Optional<Instant> oldestAfter(long number);

  /**
   * Adds links.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if one of the numbers or events
   *     already has a link
   */
  void append(List<ChainLink> links);

  /**
   * Stores notes for older events, which were recorded before the hash chain existed, so that they
   * get links too.
   *
   * @return how many events were noted; 0 once no such event is left
   */
  int noteOlder(int most);

  /**
   * Removes notes of events that have a link, have been removed, or can't get a link. An event
   * can't get a link because of its time, or because another event with the same id has a link.
   * Such notes remain after the removal of months, or were written by somebody else who can write
   * to the database.
   *
   * @return how many of the removed notes were for events that can't get a link
   */
  int removeStrayNotes();

  /** Lists links in the order of their numbers. */
  List<StoredLink> links(long afterNumber, int most);

  /** Lists the links that {@link #links} lists, but faster for callers that read all links. */
  default LinkPage page(long afterNumber, int most) {
    List<StoredLink> links = links(afterNumber, most);
    return new LinkPage(
        links.isEmpty() ? afterNumber : links.getLast().link().number(),
        links.stream().<Supplier<StoredLink>>map(link -> () -> link).toList());
  }

  /**
   * Returns the numbers of the first and the last link of a span of time; empty if the span
   * contains no link.
   */
  Optional<Range> range(TimeSpan span);

  /** A range of link numbers, including its first and its last number. */
  record Range(long first, long last) {}

  /**
   * The number of events that have no link and will not get a link.
   *
   * @param unnoted the number of events that have no link and are not waiting for one
   * @param duplicates how many of these events have the id of another event that has a link
   */
  record Unlinked(long unnoted, long duplicates) {}

  /** Counts events that have no link and will not get a link. */
  Unlinked countUnlinked();

  /**
   * An event without a link that has the same id as another event, which has a link.
   *
   * @param number the number of the other event's link
   * @param linkedAt the time of the other event
   */
  record Duplicate(UUID id, Instant at, long number, Instant linkedAt) {}

  /** Lists the oldest events with the same id as another event that has a link. */
  List<Duplicate> duplicates(int most);

  Optional<ChainHead> head();

  void putHead(ChainHead head);

  /**
   * Lists the newest keys, the newest first, at most 100. If a time is given, keys that were made
   * after that time are left out.
   */
  List<StoredKey> keys(Optional<Instant> until);

  void insertKey(StoredKey key, Instant now);
}
