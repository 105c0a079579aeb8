package io.claviger.domain.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The place of an event in the chain of the audit trail. Its hash covers what the event says and
 * the hash of the link before it, so that nothing before a link can be changed without changing the
 * hash of that link. All hashes are SHA-256, in lower-case hexadecimal digits.
 *
 * @param number 1 for the first event, and one more for each after it
 * @param event the id of the event
 * @param at the time of the event
 * @param previousHash the hash of the link before; {@link #BEGINNING} for the first one
 * @param contentHash the hash of what the event says ({@link EventTexts#hash})
 */
public record ChainLink(
    long number, UUID event, Instant at, String previousHash, String contentHash, String hash) {
  /** What stands before the first link. */
  public static final String BEGINNING = "0".repeat(64);

  private static final String FORMAT = "claviger audit link 1";

  /** Returns the link of an event that comes after another one, or that of the first event. */
  public static ChainLink after(Optional<ChainLink> last, EventTexts event) {
    long number = last.map(ChainLink::number).orElse(0L) + 1;
    String previous = last.map(ChainLink::hash).orElse(BEGINNING);
    String content = event.hash();
    return new ChainLink(
        number,
        event.id(),
        event.at(),
        previous,
        content,
        hash(number, event.id(), event.at(), previous, content));
  }

  /** Whether the hash is that of all else that the link says. */
  public boolean isIntact() {
    return hash.equals(hash(number, event, at, previousHash, contentHash));
  }

  /** Whether an event is the one for which the link was made, and says what it said then. */
  public boolean isOf(EventTexts stored) {
    return event.equals(stored.id()) && at.equals(stored.at()) && contentHash.equals(stored.hash());
  }

  private static String hash(
      long number, UUID event, Instant at, String previousHash, String contentHash) {
    return new EventTexts.Parts(FORMAT)
        .add(Long.toString(number))
        .add(event.toString())
        .add(at.toString())
        .add(previousHash)
        .add(contentHash)
        .hash();
  }
}
