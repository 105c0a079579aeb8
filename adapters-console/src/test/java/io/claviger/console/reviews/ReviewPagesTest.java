package io.claviger.console.reviews;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where people start access reviews, and decide about each grant. */
class ReviewPagesTest {
  private static final String PAGE = "/console/reviews";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void an_owner_starts_a_review_from_the_people_of_a_service_and_decides() {
    Person owner =
        SERVED.owner("olga", Map.of("definition", "_system/openai-large", "enabled", true));
    Person reader = SERVED.person("oskar");
    for (String holder : new String[] {"oskar", "@crew"}) {
      if (holder.startsWith("@")) {
        SERVED.root().api().put("/v1/groups/crew", Map.of()).isStatus(201);
      }
      owner
          .api()
          .put("/v1/llm-services/olga/chat/shares/" + holder, Map.of("role", "reader"))
          .isStatus(201);
    }

    String review =
        owner
            .send("/console/services/olga/chat/people", PAGE, Map.of())
            .isStatus(303)
            .header("Location");
    assertThat(review).startsWith(PAGE + "/");
    assertThat(ServedConsole.sound(owner.open(review)).body())
        .contains("oskar", "@crew", "0 of 2 decided", "Keep those chosen")
        .doesNotContain("kept by");
    TestResponse kept =
        owner.send(review, Map.of("keep-oskar", "yes", "keep-@crew", "yes")).isStatus(303);
    assertThat(kept.header("Location")).isEqualTo(review);
    assertThat(ServedConsole.sound(owner.open(review)).body())
        .contains("2 of 2 decided", "kept by olga")
        .doesNotContain("Keep those chosen");
    owner.send(review, Map.of("grantee", "oskar", "decision", "end")).isStatus(303);
    assertThat(owner.open(review).body()).contains("ended by olga");
    owner.api().get("/v1/llm-services/olga/chat/shares/oskar").isStatus(404);
    assertThat(owner.open(review + "/export").isStatus(200).body())
        .contains("olga/chat,oskar,user,reader,olga,", ",ended,end,olga,");

    reader.open(review).isStatus(404);
    reader.open(review + "/export").isStatus(404);
    assertThat(reader.open(PAGE).body()).doesNotContain("olga/chat");
    assertThat(ServedConsole.sound(owner.open(PAGE)).body()).contains("olga/chat", "2 of 2");
  }

  @Test
  void a_manager_starts_one_from_the_group_and_is_told_what_is_refused() {
    Person manager = SERVED.person("mona");
    SERVED.root().api().put("/v1/groups/band", Map.of()).isStatus(201);
    SERVED
        .root()
        .api()
        .put("/v1/groups/band/members/mona", Map.of("role", "manager"))
        .isStatus(201);

    String review =
        manager.send("/console/groups/band", PAGE, Map.of()).isStatus(303).header("Location");
    assertThat(manager.open(review).body()).contains("mona").doesNotContain("Keep those chosen");
    assertThat(
            manager
                .send(review, Map.of("grantee", "mona", "decision", "keep"))
                .isStatus(403)
                .body())
        .contains("Only somebody else can keep it.");
    manager.send(PAGE, Map.of("of", "@none")).isStatus(404);
    assertThat(manager.send(PAGE, Map.of("of", "")).isStatus(422).body())
        .contains("Name a service");
    manager.send(PAGE, Map.of("of", "@B A D")).isStatus(422);
    manager.open(PAGE + "/x").isStatus(422);
  }
}
