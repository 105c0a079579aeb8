package io.claviger.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import io.claviger.journeys.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was done is found, read in detail and saved as a file. */
@BrowserTest
class AuditTest {
  @Test
  void what_was_done_is_found_by_filters_and_the_file_has_just_that(Lab lab) throws IOException {
    Api doer = lab.owner("doer");
    doer.patch("/v1/llm-services/doer/chat", Map.of("display_name", "=1+1")).isStatus(200);
    doer.patch("/v1/llm-services/doer/chat", Map.of("display_name", "Renamed")).isStatus(200);
    try (Visitor visitor = lab.visitor(doer)) {
      visitor.open("/console");
      visitor.follow("Audit");
      visitor.fill("Who", "doer");
      visitor.choose("What", "service.update");
      visitor.press("Show");
      Page page = visitor.page();
      assertThat(page.locator("table.stacked > tbody > tr")).hasCount(2);
      page.locator("tbody summary").first().click();
      assertThat(page.locator("table.stacked > tbody > tr").first()).containsText("display_name");
      assertThat(page.locator("table.stacked > tbody > tr").first().locator("td table td").last())
          .hasText("Renamed");
      assertThat(page.url()).contains("actor=doer");

      Download file = page.waitForDownload(() -> page.getByText("Export as CSV").click());
      assertThat(file.suggestedFilename()).isEqualTo("audit.csv");
      String text = Files.readString(file.path());
      lab.journey.assertNoKeyIn("the file", text);
      List<String> lines = text.lines().toList();
      assertThat(lines).hasSize(3);
      assertThat(lines.subList(1, 3))
          .allMatch(line -> line.contains(",service.update,") && line.contains("doer/chat"));

      visitor.fill("Last day (UTC)", "2001-01-01");
      visitor.press("Show");
      visitor.sees("No events match.");
      assertThat(page.locator("[name=actor]")).hasValue("doer");
      visitor.open("/console/audit?from=2026-02-31&actor=doer");
      assertThat(page.locator(".field-error").first()).isVisible();
    }
  }
}
