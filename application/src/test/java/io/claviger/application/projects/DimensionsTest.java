package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.projects.ProjectFixture.NO_SERVICE;
import static io.claviger.application.projects.ProjectFixture.using;
import static io.claviger.application.projects.ProjectFixture.usingWhateverItsDimensions;
import static io.claviger.application.projects.ProjectFixture.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import org.junit.jupiter.api.Test;

/**
 * A project's service must keep its dimensions, because vectors of other dimensions can't be
 * compared.
 */
class DimensionsTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project project = p.bobsProject("corpus", p.bobs);
  private final Instance alike = p.w.stored(AnInstance.of(p.bob, "alike").model("m").build());
  private final Instance other = p.w.stored(AnInstance.of(p.bob, "other").dimensions(1536).build());
  private final Instance none =
      p.w.stored(AnInstance.of(p.bob, "none").withoutDimensions().build());

  @Test
  void another_service_with_the_same_dimensions_is_bound_without_more() {
    assertThat(written(p.patch(p.bob, "bob/corpus", using(alike))).service()).contains(alike.ref());
  }

  @Test
  void a_service_with_other_dimensions_is_a_conflict() {
    assertThat(because(p.patch(p.bob, "bob/corpus", using(other)))).isEqualTo("dimensions_differ");
    assertThat(because(p.put(p.bob, "bob/corpus", using(other)))).isEqualTo("dimensions_differ");
    assertThat(p.w.now(project.ref())).isEqualTo(project);
  }

  @Test
  void to_have_no_dimensions_is_to_have_others() {
    assertThat(because(p.patch(p.bob, "bob/corpus", using(none)))).isEqualTo("dimensions_differ");
  }

  @Test
  void it_is_bound_when_the_request_says_that_it_is_meant() {
    assertThat(written(p.patch(p.bob, "bob/corpus", usingWhateverItsDimensions(other))).service())
        .contains(other.ref());
    assertThat(written(p.put(p.bob, "bob/corpus", usingWhateverItsDimensions(none))).service())
        .contains(none.ref());
  }

  @Test
  void to_say_so_gives_no_use() {
    assertThat(because(p.patch(p.bob, "bob/corpus", usingWhateverItsDimensions(p.alices))))
        .isEqualTo("/service unknown_reference");
  }

  @Test
  void a_project_that_used_nothing_is_bound_to_anything() {
    Outcome<WrittenProject> unbound = p.patch(p.bob, "bob/corpus", using(NO_SERVICE));

    assertThat(written(unbound).service()).isEmpty();
    assertThat(written(p.patch(p.bob, "bob/corpus", using(other))).service()).contains(other.ref());
  }

  @Test
  void whether_one_may_use_it_goes_before_its_dimensions() {
    Instance hidden = p.w.stored(AnInstance.of(p.alice, "hidden").dimensions(7).build());

    assertThat(because(p.patch(p.bob, "bob/corpus", using(hidden))))
        .isEqualTo("/service unknown_reference");
  }
}
