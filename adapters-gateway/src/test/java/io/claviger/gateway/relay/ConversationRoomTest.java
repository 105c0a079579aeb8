package io.claviger.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.connections.NodeConnections;
import io.claviger.testkit.Race;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ConversationRoomTest {
  private final ConversationRoom room =
      new ConversationRoom(1_000, 600, new NodeConnections("node", System::nanoTime));
  private final List<ConversationRoom.Place> ended = new ArrayList<>();

  private static UUID user(int number) {
    return new UUID(0, number);
  }

  private ConversationRoom.Place enter(int user) {
    ConversationRoom.Place place = room.enter(user(user)).orElseThrow();
    place.endBy(() -> ended.add(place));
    return place;
  }

  @Test
  void a_caller_has_64_and_all_have_1_024_and_each_is_left_once() {
    List<ConversationRoom.Place> places = new ArrayList<>();
    for (int i = 0; i < ConversationRoom.MOST; i++) {
      places.add(enter(i / ConversationRoom.MOST_OF_CALLER));
    }
    assertThat(ConversationRoom.MOST_OF_CALLER).isEqualTo(64);
    assertThat(ConversationRoom.MOST).isEqualTo(1_024);
    assertThat(room.enter(user(99))).isEmpty();

    places.getFirst().leave();
    places.getFirst().leave();
    assertThat(room.enter(user(1))).as("has 64").isEmpty();
    Optional<ConversationRoom.Place> again = room.enter(user(0));
    assertThat(again).isPresent();
    assertThat(room.enter(user(99))).isEmpty();
  }

  @Test
  void a_place_that_lingers_is_free_after_a_minute() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    for (int i = 0; i < ConversationRoom.MOST_OF_CALLER; i++) {
      ConversationRoom.Place place = enter(1);
      place.linger(channel.eventLoop());
      place.leave();
      place.leave();
    }
    assertThat(room.enter(user(1))).isEmpty();
    assertThat(room.enter(user(2))).isPresent();
    channel.advanceTimeBy(60, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(room.enter(user(1))).isPresent();
    channel.close();
  }

  /** Lets a connection hold bytes besides its own. */
  private static boolean hold(ConversationRoom.Place place, int bytes) {
    return place.hold(ConversationRoom.OWN_BYTES + bytes);
  }

  @Test
  void all_together_hold_no_more_than_they_may_and_what_becomes_less_is_never_too_much() {
    ConversationRoom.Place one = enter(1);
    ConversationRoom.Place two = enter(2);
    assertThat(hold(one, 500)).isTrue();
    assertThat(hold(two, 501)).as("holds most").isFalse();
    assertThat(hold(two, 500)).isTrue();
    one.leave();
    assertThat(hold(two, 600)).isTrue();
    assertThat(ended).isEmpty();
  }

  @Test
  void the_largest_connection_of_who_holds_most_is_ended_if_others_need_its_room() {
    ConversationRoom.Place small = enter(1);
    ConversationRoom.Place large = enter(1);
    ConversationRoom.Place two = enter(2);
    ConversationRoom.Place three = enter(3);
    assertThat(hold(small, 100)).isTrue();
    assertThat(hold(large, 500)).isTrue();
    assertThat(hold(two, 400)).isTrue();

    assertThat(hold(three, 1)).isTrue();
    assertThat(ended).containsExactly(large);
    assertThat(hold(three, 200)).isTrue();
    assertThat(hold(large, 501)).isFalse();
    assertThat(ended).containsExactly(large);

    large.leave();
    assertThat(hold(three, 500)).isTrue();
    assertThat(hold(small, 101)).isTrue();
    assertThat(ended).containsExactly(large, three);
  }

  @Test
  void before_a_connection_that_gives_way_has_ended_all_may_hold_a_quarter_more() {
    ConversationRoom.Place one = enter(1);
    ConversationRoom.Place two = enter(2);
    ConversationRoom.Place three = enter(3);
    assertThat(hold(one, 600)).isTrue();
    assertThat(hold(two, 400)).isTrue();

    assertThat(hold(three, 250)).isTrue();
    assertThat(hold(three, 251)).isFalse();
    assertThat(hold(three, 250)).isTrue();
    assertThat(hold(one, 599)).isTrue();
    assertThat(hold(three, 251)).isTrue();
    assertThat(hold(three, 252)).isFalse();
    one.keep(ConversationRoom.OWN_BYTES + 599);
    one.leave();
    assertThat(hold(three, 253)).isFalse();

    one.release(ConversationRoom.OWN_BYTES + 599);
    assertThat(hold(three, 600)).isTrue();
    assertThat(hold(enter(4), 1)).isTrue();
    assertThat(ended).containsExactly(one, three);
  }

  @Test
  void when_many_give_way_and_leave_at_once_nothing_stays_counted() {
    List<Boolean> unused =
        Race.of(
            16,
            number -> {
              ConversationRoom.Place place = room.enter(user(number)).orElseThrow();
              AtomicBoolean givesWay = new AtomicBoolean();
              place.endBy(() -> givesWay.set(true));
              int bytes = 0;
              while (bytes < 600 && !givesWay.get() && hold(place, bytes)) {
                bytes += 50;
                Thread.yield();
              }
              place.leave();
              return givesWay.get();
            },
            500);

    ConversationRoom.Place one = enter(1);
    assertThat(hold(one, 600)).isTrue();
    assertThat(hold(enter(2), 400)).isTrue();
    assertThat(ended).isEmpty();
    assertThat(hold(enter(3), 1)).isTrue();
    assertThat(ended).containsExactly(one);
  }

  @Test
  void the_connections_of_one_caller_hold_no_more_than_their_share() {
    ConversationRoom.Place one = enter(1);
    ConversationRoom.Place another = enter(1);
    assertThat(hold(one, 400)).isTrue();
    assertThat(hold(another, 201)).isFalse();
    another.leave();

    assertThat(hold(one, 600)).isTrue();
    assertThat(hold(enter(2), 400)).isTrue();
    one.leave();
    assertThat(hold(enter(1), 600)).isTrue();
  }

  @Test
  void what_is_still_read_of_a_connection_that_has_ended_keeps_its_room() {
    ConversationRoom.Place one = enter(1);
    for (int i = 1; i < ConversationRoom.MOST_OF_CALLER; i++) {
      ConversationRoom.Place unused = enter(1);
    }
    ConversationRoom.Place two = enter(2);
    one.keep(ConversationRoom.OWN_BYTES + 600);
    assertThat(one.hold(0)).isTrue();
    one.leave();

    assertThat(room.enter(user(1))).isEmpty();
    assertThat(hold(two, 400)).isTrue();
    assertThat(hold(two, 599)).as("the room of one is about to become free").isTrue();
    assertThat(hold(enter(3), 52)).isFalse();
    one.release(ConversationRoom.OWN_BYTES + 600);
    one.leave();
    assertThat(hold(two, 600)).isTrue();
    assertThat(room.enter(user(1))).isPresent();
    assertThat(room.enter(user(1))).isEmpty();
  }

  @Test
  void a_message_that_was_read_counts_as_long_as_the_connection_holds_it() {
    ConversationRoom.Place one = enter(1);
    one.keep(ConversationRoom.OWN_BYTES + 600);
    assertThat(one.hold(1)).isFalse();
    one.release(ConversationRoom.OWN_BYTES + 600);
    assertThat(hold(one, 600)).isTrue();
    one.leave();
    assertThat(hold(enter(1), 600)).isTrue();
  }

  @Test
  void what_a_side_has_not_taken_keeps_its_room_until_that_is_closed() {
    EmbeddedChannel slow = new EmbeddedChannel();
    slow.write(Unpooled.buffer().writeZero(200_000));
    assertThat(slow.isWritable()).isFalse();
    ConversationRoom.Place one = enter(1);
    one.keepUnwritten(slow);
    one.leave();

    ConversationRoom.Place two = enter(2);
    assertThat(hold(two, 1)).isFalse();
    two.leave();
    slow.close();
    assertThat(hold(enter(2), 600)).isTrue();
  }

  @Test
  void nobody_else_ends_a_connection_that_holds_little() {
    ConversationRoom.Place one = enter(1);
    ConversationRoom.Place two = enter(2);
    assertThat(hold(one, 600)).isTrue();
    assertThat(hold(two, 400)).isTrue();

    assertThat(enter(3).hold(ConversationRoom.OWN_BYTES)).isTrue();
    assertThat(ended).isEmpty();
    assertThat(hold(enter(4), 1)).isTrue();
    assertThat(ended).containsExactly(one);
  }
}
