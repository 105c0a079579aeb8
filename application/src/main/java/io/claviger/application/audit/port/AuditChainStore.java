package io.claviger.application.audit.port;

import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.domain.keys.SealedValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Stores the hash chain of the audit trail. Links can't be changed or removed. The transaction that
 * records an event also stores a note that the event waits for its link.
 */
public interface AuditChainStore {
  /**
   * A link and its stored event.
   *
   * @param event the event; empty if it was removed
   */
  record StoredLink(ChainLink link, Optional<EventTexts> event) {}

  /**
   * A key that signs heads.
   *
   * @param publicKey a SubjectPublicKeyInfo in base64
   * @param value the sealed private key, which can be opened only together with the id of the
   *     public key
   * @param made the time at which the key was created; it is not protected against changes in the
   *     database
   */
  record StoredKey(String id, String publicKey, SealedValue value, Instant made) {}

  /**
   * A database session that keeps nodes from adding links, or that is waiting to add links.
   *
   * @param role the database role of the session
   * @param program the session's application name; empty if this node may not see the name
   * @param address the client address of the session; empty if the session is local or this node
   *     may not see the address
   * @param since the time at which the session's transaction began; empty if this node may not see
   *     that time
   */
  record TurnHolder(
      int process, String role, String program, String address, Optional<Instant> since) {}

  /**
   * Prevents other transactions from adding links until this transaction ends. If the node does
   * nothing in this transaction for 30 seconds, PostgreSQL ends the node's session. So a hanging
   * node does not keep other nodes from sealing.
   *
   * @return false if another node is adding links now
   */
  boolean tryLock();

  /**
   * Finds up to 10 database sessions that keep this node from adding links. The sessions belong to
   * other nodes or programs.
   */
  List<TurnHolder> turnHolders();

  /** Returns whether events might be waiting for links. This method does not wait for locks. */
  boolean anyNoted();

  /**
   * Waits for up to 30 seconds until no other node adds links. After the wait, prevents other
   * transactions from adding links until this transaction ends, as {@link #tryLock} does.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when another node still adds links
   *     after 30 seconds
   */
  void lock();

  Optional<ChainLink> last();

  /**
   * Reads events without a link, oldest first, until the function that takes them returns false.
   * Keeps only a few events in memory at a time. Several events can have the same id, because the
   * database enforces unique ids only within a month. Only one of these events can get a link.
   * Events before the year 1 or after the year 9999 are left out. No node records such events, and
   * an export can't represent their times.
   *
   * @param most the maximum number of notes to read. If some notes have no waiting event, fewer
   *     events than notes are read
   */
  void waiting(int most, Predicate<EventTexts> taker);

  /**
   * The events that are waiting for links.
   *
   * @param oldest the time since which the oldest waiting event has waited
   */
  record Waiting(long events, Optional<Instant> oldest) {}

  /** Counts the waiting events. */
  Waiting countWaiting();

  /** Returns the time of the oldest event among the next links after the given link number. */
  Optional<Instant> oldestAfter(long number);

  /**
   * Adds links.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if one of the numbers or events
   *     already has a link
   */
  void append(List<ChainLink> links);

  /**
   * Stores notes for events from before the hash chain existed, so that these events get links too.
   *
   * @return the number of stored notes; 0 once no such event is left
   */
  int noteOlder(int most);

  /**
   * Removes notes of events that have a link, have been removed, or can't get a link. An event
   * can't get a link if its time is impossible, or if another event with the same id has a link.
   * Notes of such events remain after a removal of months, or were written by somebody else with
   * write access to the database.
   *
   * @return the number of removed notes whose event can't get a link
   */
  int removeStrayNotes();

  /**
   * Reads links in the order of their numbers, until the function that takes them returns false.
   * Keeps only a few links in memory at a time.
   */
  void links(long afterNumber, int most, Predicate<StoredLink> taker);

  /** Returns the link with this number. */
  default Optional<StoredLink> link(long number) {
    List<StoredLink> found = new ArrayList<>(1);
    links(number - 1, 1, found::add);
    return found.stream().filter(stored -> stored.link().number() == number).findFirst();
  }

  /**
   * Reads the same links as {@link #links}. This method is faster for callers that read all links.
   *
   * @param taker the function that takes the links, in pieces of a few megabytes. Each link is a
   *     supplier that decodes the link on the thread that calls the supplier. The next piece is
   *     read when the taker returns. The taker must not use the database
   * @return the number of the last link; {@code afterNumber} if there is no link
   */
  default long read(long afterNumber, int most, Consumer<List<Supplier<StoredLink>>> taker) {
    List<StoredLink> links = new ArrayList<>();
    links(afterNumber, most, links::add);
    taker.accept(links.stream().<Supplier<StoredLink>>map(link -> () -> link).toList());
    return links.isEmpty() ? afterNumber : links.getLast().link().number();
  }

  /**
   * Returns the numbers of the first and last links of a time span. Empty if the span contains no
   * link.
   */
  Optional<Range> range(TimeSpan span);

  /** A range of link numbers, including its first and its last number. */
  record Range(long first, long last) {}

  /**
   * The number of events that have no link and will not get a link.
   *
   * @param unnoted the number of events that have neither a link nor a note
   * @param duplicates the number of events that have no link because another event with the same id
   *     has a link
   */
  record Unlinked(long unnoted, long duplicates) {}

  /** Counts events that have no link and will not get a link. */
  Unlinked countUnlinked();

  /**
   * An event that has no link because another event with the same id has a link.
   *
   * @param number the link number of the other event
   * @param linkedAt the time of the other event
   */
  record Duplicate(UUID id, Instant at, long number, Instant linkedAt) {}

  /**
   * Lists the oldest events that have no link because another event with the same id has a link.
   */
  List<Duplicate> duplicates(int most);

  Optional<ChainHead> head();

  void putHead(ChainHead head);

  /**
   * Lists up to 100 keys, newest first. If a time is given, keys that were made later are left out.
   */
  List<StoredKey> keys(Optional<Instant> until);

  void insertKey(StoredKey key, Instant now);
}
