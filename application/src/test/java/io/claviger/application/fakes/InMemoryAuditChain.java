package io.claviger.application.fakes;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@link AuditChainStore} in memory. All events wait until they have a link. */
public final class InMemoryAuditChain implements AuditChainStore {
  private final InMemoryAuditTrail trail;
  private final List<ChainLink> links = new ArrayList<>();
  private Optional<ChainHead> head = Optional.empty();
  private final List<StoredKey> keys = new ArrayList<>();

  InMemoryAuditChain(InMemoryAuditTrail trail) {
    this.trail = trail;
  }

  @Override
  public boolean tryLock() {
    return true;
  }

  @Override
  public List<TurnHolder> turnHolders() {
    return List.of();
  }

  @Override
  public void lock() {
    // There is only one process.
  }

  @Override
  public Optional<ChainLink> last() {
    return links.isEmpty() ? Optional.empty() : Optional.of(links.getLast());
  }

  @Override
  public void waiting(int most, Predicate<EventTexts> taker) {
    boolean unused = waiting().limit(most).allMatch(taker);
  }

  private Stream<EventTexts> waiting() {
    return trail.events().stream()
        .filter(event -> links.stream().noneMatch(link -> link.event().equals(event.id())))
        .sorted(Comparator.comparing(AuditEvent::at).thenComparing(e -> e.id().toString()))
        .map(EventTexts::of);
  }

  @Override
  public boolean anyNoted() {
    return true;
  }

  @Override
  public Waiting countWaiting() {
    List<EventTexts> waiting = waiting().toList();
    return new Waiting(waiting.size(), waiting.stream().map(EventTexts::at).findFirst());
  }

  @Override
  public Optional<Instant> oldestAfter(long number) {
    return links.stream()
        .filter(link -> link.number() > number)
        .map(ChainLink::at)
        .min(Comparator.naturalOrder());
  }

  @Override
  public void append(List<ChainLink> added) {
    links.addAll(added);
  }

  @Override
  public int noteOlder(int most) {
    return 0;
  }

  @Override
  public int removeStrayNotes() {
    // There are no notes.
    return 0;
  }

  @Override
  public void links(long afterNumber, int most, Predicate<StoredLink> taker) {
    boolean unused =
        links.stream()
            .filter(link -> link.number() > afterNumber)
            .limit(most)
            .map(link -> new StoredLink(link, event(link)))
            .allMatch(taker);
  }

  private Optional<EventTexts> event(ChainLink link) {
    return trail.events().stream()
        .filter(event -> event.id().equals(link.event()) && event.at().equals(link.at()))
        .findFirst()
        .map(EventTexts::of);
  }

  @Override
  public Optional<Range> range(TimeSpan span) {
    List<ChainLink> within = links.stream().filter(link -> span.contains(link.at())).toList();
    return within.isEmpty()
        ? Optional.empty()
        : Optional.of(new Range(within.getFirst().number(), within.getLast().number()));
  }

  @Override
  public Unlinked countUnlinked() {
    return new Unlinked(0, 0);
  }

  @Override
  public List<Duplicate> duplicates(int most) {
    return List.of();
  }

  @Override
  public Optional<ChainHead> head() {
    return head;
  }

  @Override
  public void putHead(ChainHead newest) {
    head = Optional.of(newest);
  }

  @Override
  public List<StoredKey> keys(Optional<Instant> until) {
    return keys.stream()
        .filter(key -> until.filter(key.made()::isAfter).isEmpty())
        .toList()
        .reversed();
  }

  @Override
  public void insertKey(StoredKey made, Instant now) {
    keys.add(made);
  }
}
