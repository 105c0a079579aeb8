package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two browsers at the same time, with two people in different roles. */
@BrowserTest
@Tag("thorough")
class TwoPeopleTest {
  @Test
  void what_one_offers_the_other_accepts(Lab lab) {
    Api giver = lab.owner("giver");
    Api receiver = lab.user("receiver");
    try (Visitor from = lab.visitor(giver);
        Visitor to = lab.visitor(receiver)) {
      giver
          .post("/v1/transfers", Map.of("services", List.of("giver/chat"), "to", "receiver"))
          .isStatus(201);
      to.open("/console");
      to.follow("giver offers you a service.");
      from.open("/console/transfers");
      assertThat(from.page().locator("tbody tr")).containsText("receiver");
      assertThat(to.page().locator("main")).containsText("giver/chat");
      to.press("Accept all");
      assertThat(to.page()).hasURL(lab.node.api() + "/console");
      to.open("/console/services/receiver/chat");
      assertThat(to.heading("receiver/chat")).isVisible();
      assertThat(from.open("/console/services/giver/chat")).isIn(404, 301, 410);
    }
  }

  @Test
  void an_owner_sees_why_a_readers_call_fails_and_mends_it(Lab lab) {
    Api owner = lab.owner("mender");
    Api reader = lab.user("stuck");
    owner.share("mender/chat", "stuck", "reader").isStatus(201);
    owner.patch("/v1/llm-services/mender/chat", Map.of("enabled", false)).isStatus(200);
    try (Visitor mine = lab.visitor(owner);
        Visitor theirs = lab.visitor(reader)) {
      theirs.open("/console/why?service=mender/chat");
      theirs.sees("No");
      assertThat(theirs.page().locator(".checks a")).hasCount(0);
      mine.open("/console/why");
      mine.page().locator("input[name=service]").fill("mender/chat");
      mine.page().locator("input[name=user]").fill("stuck");
      mine.page().locator("input[name=user]").press("Enter");
      mine.page().locator(".checks a").first().click();
      assertThat(mine.heading("mender/chat")).isVisible();
      mine.openMenu();
      mine.press("Enable");
      assertThat(mine.page().locator(".title .state")).hasText("ready");
      theirs.page().reload();
      assertThat(theirs.page().locator("#answer .state.good")).isVisible();
    }
    reader.embed("mender/chat").isStatus(200);
  }

  @Test
  void usage_is_drawn_told_in_tables_and_saved_as_a_file(Lab lab) throws Exception {
    Api owner = lab.owner("counted");
    Api caller = lab.user("caller");
    owner.share("counted/chat", "caller", "reader").isStatus(201);
    caller.embed("counted/chat").isStatus(200);
    caller.embed("counted/chat").isStatus(200);
    try (Visitor mine = lab.visitor(owner)) {
      Duration unused =
          Eventually.holds(
              Duration.ofSeconds(20), () -> owner.get("/v1/usage").body().contains("caller"));
      mine.open("/console/usage?by=user");
      assertThat(mine.page().locator(".chart svg")).isVisible();
      assertThat(mine.page().locator("tbody tr", having("caller")).first()).containsText("2");
      Download file =
          mine.page().waitForDownload(() -> mine.page().getByText("Export as CSV").click());
      assertThat(Files.readString(file.path())).startsWith("day,user,").contains(",caller,2,");
    }
  }

  private static Page.LocatorOptions having(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
