package io.claviger.domain.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.objects.ObjectQuota.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All combinations of what up to three makers have stored, and who stores more. */
class ObjectQuotaTest {
  private static final List<UUID> MAKERS = List.of(new UUID(1, 1), new UUID(1, 2), new UUID(1, 3));
  private static final UUID NEW = new UUID(1, 4);

  @Test
  void a_response_ends_for_nobody_who_has_more_of_them() {
    int cases = 0;
    for (long one = 0; one <= 4; one++) {
      for (long two = 0; two <= 4; two++) {
        for (long three = 1; three <= 4; three++) {
          Map<UUID, Long> responses = new HashMap<>();
          responses.put(MAKERS.get(0), one);
          responses.put(MAKERS.get(1), two);
          responses.put(MAKERS.get(2), three);
          long most = Math.max(one, Math.max(two, three));
          for (UUID caller : List.of(MAKERS.get(0), MAKERS.get(1), MAKERS.get(2), NEW)) {
            UUID loser = ObjectQuota.losesResponse(responses, caller);
            assertThat(responses.get(loser)).isEqualTo(most);
            assertThat(loser.equals(caller)).isEqualTo(responses.getOrDefault(caller, 0L) == most);
            cases++;
          }
        }
      }
    }
    assertThat(cases).isEqualTo(5 * 5 * 4 * 4);
  }

  @Test
  void whoever_is_no_member_leaves_as_much_as_they_store() {
    for (long places = 1; places <= 4; places++) {
      for (long room = 1; room <= 4; room++) {
        ObjectQuota quota = new ObjectQuota(places, room);
        for (long objects = 0; objects <= 5; objects++) {
          for (long bytes = 0; bytes <= 5; bytes++) {
            Stored all = new Stored(objects, bytes);
            for (long size = 0; size <= 2; size++) {
              boolean fits = objects + 1 <= places && bytes + size <= room;
              assertThat(quota.hasRoom(all, Optional.empty(), size)).isEqualTo(fits);
              for (long own = 0; own <= objects; own++) {
                for (long ownBytes = 0; ownBytes <= bytes; ownBytes++) {
                  boolean leavesAsMuch =
                      own + 1 <= places - (objects + 1) && ownBytes + size <= room - (bytes + size);
                  assertThat(quota.hasRoom(all, Optional.of(new Stored(own, ownBytes)), size))
                      .isEqualTo(fits && leavesAsMuch);
                }
              }
            }
          }
        }
      }
    }
  }

  @Test
  void those_who_are_no_members_take_a_half_then_a_quarter_and_never_everything() {
    ObjectQuota quota = new ObjectQuota(1_000, 0);
    assertThat(storedByNonMembers(quota, 4)).containsExactly(500L, 250L, 125L, 62L);
  }

  private static List<Long> storedByNonMembers(ObjectQuota quota, int people) {
    long all = 0;
    List<Long> stored = new ArrayList<>();
    for (int person = 0; person < people; person++) {
      long own = 0;
      while (quota.hasRoom(new Stored(all, 0), Optional.of(new Stored(own, 0)), 0)) {
        own++;
        all++;
      }
      stored.add(own);
    }
    return stored;
  }
}
