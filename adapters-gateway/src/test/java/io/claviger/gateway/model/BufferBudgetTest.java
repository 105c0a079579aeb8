package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.TestService;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All buffered bodies share a limit. */
class BufferBudgetTest {
  private static final int SEGMENT = 4 << 10;
  private static final NamingRules NAMING =
      new NamingRules(PromptCache.SHARED, Attribution.ON, Set.of(CallerField.values()));

  private static final int FULL = 64 << 10;
  private static final int OVERHEAD = BufferBudget.OVERHEAD;
  private static final long LARGEST = BufferBudget.LARGEST_BODY;

  @AutoClose
  private final HeldBodies bodies = HeldBodies.of("embeddings", lent -> lent.allowing("good"));

  @Test
  void what_is_too_much_together_is_refused_for_the_moment() {
    BufferBudget budget = new BufferBudget(2 * OVERHEAD + SEGMENT, LARGEST);
    BufferedBody one = held(budget);
    BufferedBody other = held(budget);
    one.add(HeldBodies.bytes(6));
    ByteBuf last = HeldBodies.bytes(5);

    assertThat(catchThrowableOfType(CallRefused.class, () -> other.add(last)).error())
        .isEqualTo(CallError.BUSY);
    assertThat(last.refCnt()).isZero();
    assertThat(budget.bytesTaken()).isEqualTo(2 * OVERHEAD + SEGMENT);

    one.close();
    other.add(HeldBodies.bytes(5));
    assertThat(budget.bytesTaken()).isEqualTo(OVERHEAD + SEGMENT);
    other.close();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void a_body_that_does_not_fit_in_at_all_is_refused_before_it_comes() {
    BufferBudget budget = new BufferBudget(OVERHEAD - 1, LARGEST);

    assertThat(catchThrowableOfType(CallRefused.class, () -> held(budget)).error())
        .isEqualTo(CallError.BUSY);
    assertThat(budget.bytesTaken()).isZero();
    assertThat(budget.knownUsers()).isZero();
  }

  /** Many parts of one byte each take no more than one part of all those bytes. */
  @Test
  void what_counts_is_what_lies_in_memory() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    for (int i = 0; i < 100_000; i++) {
      body.add(HeldBodies.bytes(1));
    }

    assertThat(bodies.bytesUsed()).isLessThan(2 * 100_000);
    assertThat(budget.bytesTaken()).isEqualTo(bodies.bytesUsed() + OVERHEAD);
    body.close();
  }

  @Test
  void a_part_that_fills_a_large_buffer_counts_and_is_not_copied() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    ByteBuf part = full();
    body.add(part);

    assertThat(bodies.bytesUsed()).isZero();
    assertThat(budget.bytesTaken()).isEqualTo(FULL + OVERHEAD);
    body.close();
    assertThat(part.refCnt()).isZero();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void a_largest_body_fits_in_even_if_small_parts_come_between_full_ones() {
    BufferBudget budget = new BufferBudget(LARGEST + OVERHEAD, LARGEST + OVERHEAD);
    BufferedBody body = held(budget);
    int left = BufferedBody.LARGEST;
    while (left > 0) {
      ByteBuf small = HeldBodies.bytes(Math.min(left, 1_000));
      left -= small.readableBytes();
      body.add(small);
      ByteBuf next = left < FULL ? HeldBodies.bytes(left) : full();
      left -= next.readableBytes();
      body.add(next);
    }

    assertThat(budget.bytesTaken()).isBetween((long) BufferedBody.LARGEST, LARGEST + OVERHEAD);
    body.close();
  }

  private static ByteBuf full() {
    return Unpooled.buffer(FULL, FULL).writeZero(FULL);
  }

  @Test
  void a_largest_body_fits_into_a_share_however_small_the_budget_is() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    body.add(Unpooled.wrappedBuffer(new byte[BufferedBody.LARGEST]));

    assertThat(budget.bytesTaken()).isBetween((long) BufferedBody.LARGEST, LARGEST);
    body.close();
  }

  @Test
  void what_goes_out_is_given_back_when_the_call_is_over() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    body.add(HeldBodies.bytes(10));
    body.take().forEach(ByteBuf::release);
    assertThat(budget.bytesTaken()).isEqualTo(OVERHEAD + SEGMENT);

    body.close();
    body.close();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void a_body_that_arrives_at_once_stays_in_its_buffer_if_that_is_small() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    ByteBuf small = HeldBodies.bytes(10);
    body.add(small, true);
    assertThat(small.refCnt()).isEqualTo(1);
    assertThat(budget.bytesTaken()).isEqualTo(OVERHEAD + SEGMENT);
    body.close();
    assertThat(small.refCnt()).isZero();
    assertThat(budget.bytesTaken()).isZero();

    BufferedBody other = held(budget);
    ByteBuf large = Unpooled.buffer(9 << 10).writeZero(10);
    other.add(large, true);
    assertThat(large.refCnt()).isZero();
    assertThat(budget.bytesTaken()).isEqualTo(OVERHEAD + SEGMENT);
    other.close();
  }

  @Test
  void what_is_being_read_is_given_back_only_when_it_is_not_read_any_more() {
    BufferBudget budget = new BufferBudget(LARGEST, LARGEST);
    BufferedBody body = held(budget);
    body.add(HeldBodies.bytes(10));
    body.beginReading();
    body.close();
    assertThat(budget.bytesTaken()).isEqualTo(OVERHEAD + SEGMENT);
    assertThat(body.readOn()).isTrue(); // nobody wants to know any more

    body.endReading();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void one_caller_has_no_more_than_an_eighth() {
    BufferBudget budget = new BufferBudget(80 * LARGEST, LARGEST);

    assertThat(filled(begin(budget, 1, 9))).isEqualTo(10 * LARGEST);
    assertThat(filled(begin(budget, 2, 9))).isEqualTo(10 * LARGEST);
    assertThat(begin(budget, 1, 8)).isNull();
  }

  @Test
  void the_services_of_one_owner_have_no_more_than_a_half() {
    BufferBudget budget = new BufferBudget(80 * LARGEST, LARGEST);
    for (int caller = 1; caller <= 4; caller++) {
      assertThat(filled(begin(budget, caller, 9))).isEqualTo(10 * LARGEST);
    }

    assertThat(begin(budget, 5, 9)).isNull();
    assertThat(filled(begin(budget, 5, 8))).isEqualTo(10 * LARGEST);
  }

  @Test
  void one_caller_has_no_more_than_an_eighth_of_all_bodies_in_number() {
    BufferBudget budget = new BufferBudget(Long.MAX_VALUE / 2, LARGEST);
    List<BufferBudget.BufferReservation> places = new ArrayList<>();
    BufferBudget.@Nullable BufferReservation next = begin(budget, 1, 9);
    while (next != null) {
      places.add(next);
      next = begin(budget, 1, 9);
    }

    assertThat(places).hasSize(512);
    assertThat(begin(budget, 2, 9)).isNotNull();
    places.get(0).close();
    assertThat(begin(budget, 1, 9)).isNotNull();
  }

  @Test
  void nobody_is_remembered_who_has_nothing_held() {
    BufferBudget budget = new BufferBudget(80 * LARGEST, LARGEST);
    BufferBudget.BufferReservation one = Objects.requireNonNull(begin(budget, 1, 9));
    BufferBudget.BufferReservation other = Objects.requireNonNull(begin(budget, 1, 8));
    assertThat(budget.knownUsers()).isEqualTo(3);

    one.close();
    assertThat(budget.knownUsers()).isEqualTo(2);
    other.close();
    assertThat(budget.knownUsers()).isZero();
    assertThat(budget.bytesTaken()).isZero();
  }

  @Test
  void a_person_and_their_service_accounts_are_one_caller() {
    BufferBudget budget = new BufferBudget(80 * LARGEST, LARGEST);
    TestService lent = TestService.at("http://127.0.0.1:1/v1", WireFormat.OPENAI);
    UUID person = TestService.CALLER.value();
    try (AuthorizedCall own = lent.authorized("alice/my-openai");
        AuthorizedCall programs =
            lent.calledBy(new User.Id(new UUID(0, 7)))
                .answeredForBy(person)
                .authorized("alice/my-openai")) {
      assertThat(filled(budget.begin(own))).isEqualTo(10 * LARGEST);
      assertThat(budget.begin(programs)).isNull();
      assertThat(budget.begin(person, Optional.empty())).isNull();
    }
  }

  /** The requests of a batch in the formats that have such batches. */
  private enum Batch {
    OF_MESSAGES(
        WireFormat.ANTHROPIC,
        "v1/messages/batches",
        "v1/messages",
        "{`custom_id`:`%d`,`params`:{`model`:`m`,`max_tokens`:1,`messages`:[]}}",
        "{`requests`:[%s]}"),
    OF_CONTENTS(
        WireFormat.GEMINI,
        "v1beta/models/m:batchGenerateContent",
        "v1beta/models/{model}:generateContent",
        "{`request`:{},`metadata`:{`key`:`%d`}}",
        "{`batch`:{`input_config`:{`requests`:{`requests`:[%s]}}}}");

    private final WireFormat format;
    private final String path;
    private final String operation;
    private final String request;
    private final String whole;

    Batch(WireFormat format, String path, String operation, String request, String whole) {
      this.format = format;
      this.path = path;
      this.operation = operation;
      this.request = request;
      this.whole = whole;
    }

    HeldBodies lent() {
      return HeldBodies.of(
          path,
          unused ->
              TestService.at("http://127.0.0.1:1", format)
                  .storing(ObjectKind.BATCHES)
                  .batching(operation)
                  .naming(NAMING));
    }

    byte[] of(int requests) {
      String all =
          IntStream.range(0, requests)
              .mapToObj(request::formatted)
              .collect(Collectors.joining(","));
      return whole.formatted(all).replace('`', '"').getBytes(US_ASCII);
    }
  }

  /** What is kept for each request takes more memory than a short request itself. */
  @ParameterizedTest
  @EnumSource
  void the_requests_of_a_batch_count_even_if_they_are_short(Batch batch) {
    try (HeldBodies batches = batch.lent()) {
      byte[] body = batch.of(1_000);
      int least = 1_000 * InlineBatchScan.LEAST_BYTES;
      assertThat(body).hasSizeLessThan(least / 3);

      BufferBudget enough = new BufferBudget(2 * LARGEST, LARGEST);
      BufferedBody read = Objects.requireNonNull(batches.held(enough, BufferedBody.LARGEST));
      read.add(Unpooled.wrappedBuffer(body));
      readWhole(read);
      assertThat(enough.bytesTaken()).isBetween((long) least, least + 2L * FULL);
      InlineBatchScan requests = read.batch().orElseThrow();
      assertThat(requests.edits(batches.names()).count()).isEqualTo(1_000);
      read.close();
      assertThat(enough.bytesTaken()).isZero();
      assertThat(requests.edits(batches.names()).isEmpty())
          .as("what was kept for each request is gone with the memory that counts for it")
          .isTrue();

      List<BufferBudget.BufferReservation> others =
          Stream.generate(() -> enough.begin(UUID.randomUUID(), Optional.empty()))
              .limit(2)
              .toList();
      assertThat(others).allMatch(other -> other.take((int) LARGEST - least / 2));
      assertThat(refused(batches, enough, BufferedBody.LARGEST, body))
          .as("there is room when other bodies have gone")
          .isEqualTo(CallError.BUSY);
      others.forEach(BufferBudget.BufferReservation::close);
      assertThat(refused(batches, enough, least / 2, body).status()).isEqualTo(413);
      BufferBudget small = new BufferBudget(least, least);
      assertThat(refused(batches, small, BufferedBody.LARGEST, body).status())
          .as("there is never room")
          .isEqualTo(413);
      assertThat(enough.bytesTaken()).isZero();
    }
  }

  /** A request of a few bytes takes as long to read as an ordinary body of some hundred bytes. */
  @ParameterizedTest
  @EnumSource
  void more_than_a_few_requests_of_a_batch_are_read_in_small_steps_and_not_on_the_event_loop(
      Batch batch) {
    BufferBudget budget = new BufferBudget(2 * LARGEST, LARGEST);
    byte[] few = batch.of(200);
    try (HeldBodies batches = batch.lent()) {
      BufferedBody ordinary = held(budget);
      ordinary.add(HeldBodies.bytes(few.length));
      assertThat(BodyReaders.isReadAtOnce(ordinary)).isTrue();
      ordinary.close();

      BufferedBody small = Objects.requireNonNull(batches.held(budget, BufferedBody.LARGEST));
      small.add(Unpooled.wrappedBuffer(few));
      assertThat(BodyReaders.isReadAtOnce(small)).isFalse();
      small.close();

      BufferedBody large = Objects.requireNonNull(batches.held(budget, BufferedBody.LARGEST));
      large.add(Unpooled.wrappedBuffer(batch.of(1_000)));
      assertThat(large.readOn()).isFalse();
      readWhole(large);
      large.close();
    }
  }

  private static void readWhole(BufferedBody body) {
    while (!body.readOn()) {
      // Reads the next part of the body.
    }
  }

  /** Returns the error for a body that is read completely. */
  private static CallError refused(
      HeldBodies bodies, BufferBudget budget, int largest, byte[] body) {
    BufferedBody read = Objects.requireNonNull(bodies.held(budget, largest));
    read.add(Unpooled.wrappedBuffer(body));
    CallError why = catchThrowableOfType(CallRefused.class, () -> readWhole(read)).error();
    read.close();
    return why;
  }

  private static BufferBudget.@Nullable BufferReservation begin(
      BufferBudget budget, int caller, int owner) {
    return budget.begin(new UUID(0, caller), Optional.of(new User.Id(new UUID(1, owner))));
  }

  /** Takes all that a reservation can have, and returns how much that is. */
  private static long filled(BufferBudget.@Nullable BufferReservation begun) {
    BufferBudget.BufferReservation reservation = Objects.requireNonNull(begun);
    long bytes = OVERHEAD;
    int step = 1 << 20;
    while (step > 0) {
      if (reservation.take(step)) {
        bytes += step;
      } else {
        step /= 2;
      }
    }
    return bytes;
  }

  private BufferedBody held(BufferBudget budget) {
    return Objects.requireNonNull(bodies.held(budget, BufferedBody.LARGEST));
  }
}
