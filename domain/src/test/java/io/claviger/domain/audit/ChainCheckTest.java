package io.claviger.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChainCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456Z");
  private static final KeyPair KEY = key();

  private final List<EventTexts> events =
      IntStream.range(0, 12).mapToObj(n -> event(n, NOW.plusSeconds(n))).toList();

  private final List<ChainLink> links = linked(events);

  @Test
  void a_chain_that_nobody_changed_is_intact() {
    ChainCheck.Result result = check(List.of(head(12)), links, events);

    assertThat(result.findings()).isEmpty();
    assertThat(result.isIntact()).isTrue();
    assertThat(result.events()).isEqualTo(12);
    assertThat(result.last()).contains(links.getLast());
  }

  @Test
  void the_events_after_the_newest_head_that_fits_are_counted() {
    ChainHead twelfth = head(12);
    ChainHead other =
        new ChainHead(12, links.getFirst().hash(), NOW, twelfth.publicKey(), twelfth.signature());
    ChainHead unsigned =
        new ChainHead(12, twelfth.hash(), NOW, twelfth.publicKey(), head(3).signature());

    assertThat(check(List.of(twelfth, head(3)), links, events))
        .returns(0L, ChainCheck.Result::unsigned)
        .returns(Optional.of(twelfth), ChainCheck.Result::head);
    assertThat(check(List.of(head(3)), links, events).unsigned()).isEqualTo(9);
    assertThat(check(List.of(), links, events).unsigned()).isEqualTo(12);
    assertThat(check(List.of(other), links, events).unsigned()).isEqualTo(12);
    assertThat(check(List.of(unsigned), links, events).head()).isEmpty();
  }

  @Test
  void the_chain_of_no_events_is_intact() {
    assertThat(check(List.of(), List.of(), List.of()).isIntact()).isTrue();
  }

  @Test
  void every_change_of_any_column_of_any_event_is_found() {
    for (int n = 0; n < events.size(); n++) {
      for (UnaryOperator<EventTexts> change : changes()) {
        List<EventTexts> changed = new ArrayList<>(events);
        changed.set(n, change.apply(events.get(n)));

        assertThat(check(List.of(), links, changed).findings())
            .containsExactly(new ChainCheck.Finding(n + 1, "the event was changed"));
      }
    }
  }

  /** Somebody who changes an event can also change its link and all later links. */
  @Test
  void a_change_with_all_links_made_again_is_found_by_a_head_that_was_kept() {
    for (int n = 0; n < events.size(); n++) {
      List<EventTexts> changed = new ArrayList<>(events);
      changed.set(n, changes().getFirst().apply(events.get(n)));

      assertThat(check(List.of(), linked(changed), changed).isIntact()).isTrue();
      assertThat(check(List.of(head(12)), linked(changed), changed).findings())
          .containsExactly(
              new ChainCheck.Finding(
                  12, "the head has another hash: this link or an earlier one was changed"));
    }
  }

  @Test
  void an_event_that_was_removed_or_inserted_with_its_link_is_found() {
    for (int n = 0; n < events.size() - 1; n++) {
      List<ChainLink> without = new ArrayList<>(links);
      List<EventTexts> less = new ArrayList<>(events);
      without.remove(n);
      less.remove(n);
      assertThat(check(List.of(), without, less).isIntact()).as("link %s", n).isFalse();
      assertThat(check(List.of(head(12)), linked(less), less).isIntact()).isFalse();

      List<EventTexts> more = new ArrayList<>(events);
      more.add(n, event(99, NOW));
      assertThat(check(List.of(head(12)), linked(more), more).isIntact()).isFalse();
    }
  }

  @Test
  void events_that_changed_places_are_found() {
    List<EventTexts> swapped = new ArrayList<>(events);
    Collections.swap(swapped, 4, 7);

    assertThat(check(List.of(), links, swapped).found()).isEqualTo(2);
    assertThat(check(List.of(head(12)), linked(swapped), swapped).isIntact()).isFalse();
  }

  @Test
  void a_chain_that_was_cut_or_rolled_back_is_found() {
    assertThat(check(List.of(head(12)), links.subList(0, 11), events.subList(0, 11)).findings())
        .containsExactly(
            new ChainCheck.Finding(12, "the link of a head is missing: the chain was cut"));
    assertThat(check(List.of(head(3)), links, events).isIntact()).isTrue();
    assertThat(check(List.of(head(3)), List.of(), List.of()).isIntact()).isFalse();
  }

  @Test
  void an_event_that_is_missing_is_found_unless_an_event_says_that_its_month_was_removed() {
    Instant october = Instant.parse("2026-10-15T00:00:00Z");
    List<EventTexts> all = new ArrayList<>();
    all.add(event(1, october));
    all.add(event(2, NOW));
    all.add(removal("2026-10", NOW.plusSeconds(1)));
    List<ChainLink> chain = linked(all);

    assertThat(missing(chain, all, 0).findings()).isEmpty();
    assertThat(missing(chain, all, 0).removed()).isEqualTo(1);
    assertThat(missing(chain, all, 1).isIntact()).isFalse();
    assertThat(missing(chain, all, 0, 2).isIntact()).isFalse();

    all.set(2, removal("before 2026-10", NOW.plusSeconds(1)));
    assertThat(missing(linked(all), all, 0).isIntact()).isFalse();
    all.set(2, removal("2099-01", NOW.plusSeconds(1)));
    assertThat(missing(linked(all), all, 0).isIntact()).isFalse();
    all.set(2, removal("never", NOW.plusSeconds(1)));
    assertThat(missing(linked(all), all, 0).isIntact()).isFalse();
  }

  /** The owner of the database could remove one event, and record that its month was removed. */
  @Test
  void a_month_of_which_only_some_events_are_missing_is_found() {
    Instant october = Instant.parse("2026-10-15T00:00:00Z");
    List<EventTexts> all = new ArrayList<>();
    all.add(event(1, october));
    all.add(event(2, october.plusSeconds(1)));
    all.add(event(3, NOW));
    all.add(removal("2026-10", NOW.plusSeconds(1)));
    all.add(event(4, october.plusSeconds(2)));
    List<ChainLink> chain = linked(all);

    assertThat(missing(chain, all, 0, 1).findings()).isEmpty();
    assertThat(missing(chain, all, 0).findings())
        .containsExactly(
            new ChainCheck.Finding(
                1, "the event is missing, but number 2 of the same month is there"));
    assertThat(missing(chain, all, 1).findings())
        .containsExactly(
            new ChainCheck.Finding(
                2, "the event is missing, but number 1 of the same month is there"));

    ChainCheck underWay = new ChainCheck(List.of(), Optional.empty(), Optional.empty());
    for (int n = 0; n < chain.size(); n++) {
      underWay.add(chain.get(n), n == 1 ? Optional.empty() : Optional.of(all.get(n)));
    }
    assertThat(underWay.partlyRemoved()).containsExactly(1L);
    underWay.excuse(1);
    assertThat(underWay.end().findings()).isEmpty();
  }

  /** If it were a proof, single events that come after the removal could be removed. */
  @Test
  void a_removal_that_was_in_the_chain_before_its_time_is_no_proof() {
    List<EventTexts> all = new ArrayList<>(events);
    all.set(3, removal("2199-12", Instant.parse("2200-01-01T00:00:00Z")));
    List<ChainLink> chain = linked(all);

    assertThat(missing(List.of(head(chain.get(11), NOW)), chain, all, 7).findings())
        .containsExactly(
            new ChainCheck.Finding(
                8,
                "the event is missing, and no event says that its month was removed (it was of "
                    + all.get(7).at()
                    + ")"));
    assertThat(missing(List.of(head(chain.get(3), NOW)), chain, all, 7).isIntact()).isFalse();
    assertThat(missing(List.of(head(chain.get(2), NOW)), chain, all, 7).isIntact()).isTrue();
    Instant then = Instant.parse("2200-01-01T00:00:30Z");
    assertThat(missing(List.of(head(chain.get(11), then)), chain, all, 7).isIntact()).isTrue();
  }

  @Test
  void an_event_without_a_number_tells_of_removed_months_in_the_database_only() {
    EventTexts october = event(1, Instant.parse("2026-10-15T00:00:00Z"));
    ChainLink link = ChainLink.after(Optional.empty(), october);
    ChainCheck database = new ChainCheck(List.of(), Optional.empty(), Optional.empty());
    database.add(link, Optional.empty());
    database.addUnsealed(removal("2026-10", NOW));
    assertThat(database.end().findings()).isEmpty();

    ChainCheck file = new ChainCheck(List.of(), Optional.empty(), Optional.empty());
    file.add(link, Optional.empty());
    file.countUnsealed();
    assertThat(file.end().isIntact()).isFalse();
    assertThat(file.end().unsealed()).isEqualTo(1);
  }

  @Test
  void events_outside_the_span_of_an_export_need_not_be_there_but_their_links() {
    ChainCheck check =
        new ChainCheck(
            List.of(head(2), head(12)),
            Optional.of(NOW.plusSeconds(4)),
            Optional.of(NOW.plusSeconds(8)));
    for (int n = 3; n < 9; n++) {
      boolean within = n >= 4 && n < 8;
      check.add(links.get(n), within ? Optional.of(events.get(n)) : Optional.empty());
    }

    assertThat(check.end().findings()).isEmpty();
    assertThat(check.end().uncompared()).extracting(ChainHead::number).containsExactly(2L, 12L);

    ChainCheck gap = new ChainCheck(List.of(), Optional.of(NOW.plusSeconds(4)), Optional.empty());
    gap.add(links.get(4), Optional.of(events.get(4)));
    gap.add(links.get(6), Optional.of(events.get(6)));
    assertThat(gap.end().findings())
        .containsExactly(new ChainCheck.Finding(6, "the link is missing"));
  }

  /** A file itself states its span. */
  @Test
  void an_export_of_a_span_reaches_the_heads_that_were_signed_within_it() {
    ChainHead within = head(12);
    Instant end = within.at().plus(Duration.ofHours(1));

    assertThat(end(within, Optional.empty(), Optional.of(end), 11).findings())
        .containsExactly(
            new ChainCheck.Finding(12, "the link of a head is missing: the chain was cut"));
    assertThat(end(within, Optional.of(NOW), Optional.of(end), 11).isIntact()).isFalse();
    assertThat(end(within, Optional.empty(), Optional.of(end), 12).isIntact()).isTrue();
    assertThat(end(within, Optional.empty(), Optional.of(within.at()), 11).uncompared())
        .as("the clock of a node may be ahead")
        .extracting(ChainHead::number)
        .containsExactly(12L);
    assertThat(end(within, Optional.of(NOW.plusSeconds(60)), Optional.of(end), 0).uncompared())
        .as("nothing happened in the span")
        .extracting(ChainHead::number)
        .containsExactly(12L);
    assertThat(end(within, Optional.of(NOW.plusSeconds(60)), Optional.empty(), 0).isIntact())
        .as("nothing happened since")
        .isTrue();
  }

  private ChainCheck.Result end(
      ChainHead head, Optional<Instant> since, Optional<Instant> until, int links) {
    ChainCheck check = new ChainCheck(List.of(head), since, until);
    for (int n = 0; n < links; n++) {
      check.add(this.links.get(n), Optional.of(events.get(n)));
    }
    return check.end();
  }

  @Test
  void a_head_that_its_key_did_not_sign_is_found() {
    ChainHead signed = head(12);
    ChainHead forged =
        new ChainHead(
            12, signed.hash(), NOW.plusSeconds(9), signed.publicKey(), signed.signature());

    assertThat(signed.isSigned()).isTrue();
    assertThat(check(List.of(forged), links, events).findings())
        .containsExactly(
            new ChainCheck.Finding(
                12, "the head of this link is not signed by the key that it names"));
    assertThat(new ChainHead(1, "", NOW, "?", "?").isSigned()).isFalse();
  }

  @Test
  void the_hash_of_an_event_never_changes() {
    assertThat(event(1, NOW).hash())
        .isEqualTo("14243dcddd85941906cb80074c136a6d415892d892d3c5a8b21d3c0e4acd606a");
    assertThat(links.getFirst().hash())
        .isEqualTo("0caf01db5e7a72a8962809dfc1a691e04c802301e2826c68c71c6bbc98aa7922");
  }

  private static ChainCheck.Result missing(
      List<ChainLink> chain, List<EventTexts> all, Integer... absent) {
    return missing(List.of(), chain, all, absent);
  }

  private static ChainCheck.Result missing(
      List<ChainHead> heads, List<ChainLink> chain, List<EventTexts> all, Integer... absent) {
    ChainCheck check = new ChainCheck(heads, Optional.empty(), Optional.empty());
    for (int n = 0; n < chain.size(); n++) {
      check.add(
          chain.get(n), List.of(absent).contains(n) ? Optional.empty() : Optional.of(all.get(n)));
    }
    return check.end();
  }

  private static ChainCheck.Result check(
      List<ChainHead> heads, List<ChainLink> links, List<EventTexts> events) {
    ChainCheck check = new ChainCheck(heads, Optional.empty(), Optional.empty());
    for (int n = 0; n < links.size(); n++) {
      check.add(links.get(n), Optional.of(events.get(n)));
    }
    return check.end();
  }

  private static List<ChainLink> linked(List<EventTexts> events) {
    List<ChainLink> links = new ArrayList<>();
    for (EventTexts event : events) {
      links.add(
          ChainLink.after(
              links.isEmpty() ? Optional.empty() : Optional.of(links.getLast()), event));
    }
    return links;
  }

  private ChainHead head(int number) {
    return head(links.get(number - 1), NOW);
  }

  private static ChainHead head(ChainLink link, Instant at) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(KEY.getPrivate());
      signature.update(ChainHead.signed(link.number(), link.hash(), at));
      return new ChainHead(
          link.number(),
          link.hash(),
          at,
          Base64.getEncoder().encodeToString(KEY.getPublic().getEncoded()),
          Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair key() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EventTexts event(int n, Instant at) {
    return texts(
        new UUID(1, n), at, "alice", "service.share", "alice/x", List.of("bob"), List.of(), 1);
  }

  private static EventTexts removal(String months, Instant at) {
    return texts(new UUID(2, 1), at, "", "audit.delete", months, List.of(), List.of(), 1);
  }

  private static EventTexts texts(
      UUID id,
      Instant at,
      String actor,
      String action,
      String ref,
      List<String> fields,
      List<String> terms,
      long count) {
    return new EventTexts(
        id,
        at,
        EventTexts.COLUMNS.stream()
            .map(
                column ->
                    switch (column) {
                      case "actor" -> Optional.of(actor).filter(a -> !a.isEmpty());
                      case "action" -> Optional.of(action);
                      case "target_ref" -> Optional.of(ref);
                      case "outcome" -> Optional.of("done");
                      default -> Optional.<String>empty();
                    })
            .toList(),
        fields,
        terms,
        count);
  }

  /** Each edit changes one thing. Some edits move a text from one field to the next. */
  private static List<UnaryOperator<EventTexts>> changes() {
    List<UnaryOperator<EventTexts>> changes = new ArrayList<>();
    for (int n = 0; n < EventTexts.COLUMNS.size(); n++) {
      int column = n;
      changes.add(e -> with(e, column, e.columns().get(column).isEmpty() ? "x" : null));
      changes.add(e -> with(e, column, e.columns().get(column).orElse("") + "x"));
      changes.add(e -> with(e, column, e.columns().get(column).isEmpty() ? "" : "-"));
    }
    changes.add(
        e -> new EventTexts(new UUID(7, 7), e.at(), e.columns(), e.fields(), e.terms(), e.count()));
    changes.add(
        e ->
            new EventTexts(
                e.id(), e.at().plusNanos(1_000), e.columns(), e.fields(), e.terms(), e.count()));
    changes.add(
        e -> new EventTexts(e.id(), e.at(), e.columns(), e.fields(), e.terms(), e.count() + 1));
    for (List<String> fields : List.of(List.<String>of(), List.of("carol"), List.of("bo", "b"))) {
      changes.add(e -> new EventTexts(e.id(), e.at(), e.columns(), fields, e.terms(), e.count()));
      changes.add(
          e -> new EventTexts(e.id(), e.at(), e.columns(), List.of(), List.of("bob"), e.count()));
    }
    return changes;
  }

  private static EventTexts with(EventTexts event, int column, String text) {
    List<Optional<String>> columns = new ArrayList<>(event.columns());
    columns.set(column, Optional.ofNullable(text));
    return new EventTexts(
        event.id(), event.at(), columns, event.fields(), event.terms(), event.count());
  }
}
