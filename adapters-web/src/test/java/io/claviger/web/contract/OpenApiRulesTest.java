package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules let the contract pass, and each of them can fail. */
class OpenApiRulesTest {
  private static final String SOUND =
      """
      openapi: 3.1.0
      info: { title: T, version: '1', license: { name: L, identifier: MIT } }
      paths:
        /a/{b}:
          parameters:
            - { name: b, in: path, required: true, schema: { type: string }, example: x }
          get:
            operationId: getA
            responses:
              '200':
                description: An A.
                content:
                  application/json:
                    schema: { $ref: '#/components/schemas/A' }
                    example: { n: 1 }
          put:
            operationId: putA
            responses:
              '204': { description: Done. }
      components:
        schemas:
          A: { type: object, properties: { n: { type: integer } } }
      """;

  @Test
  void the_contract_is_a_sound_document() {
    assertThat(OpenApiRules.faults(OpenApiDocument.ofServer())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/a/x, /a/{b}, false", "/{b}/x, /a/{c}, true", "/{b}/{c}, /a/{d}, false"})
  void of_two_paths_that_a_request_fits_one_is_more_concrete(
      String one, String other, boolean ambiguous) {
    String document =
        """
        openapi: 3.1.0
        info: { title: T, version: '1', license: { name: L, identifier: MIT } }
        paths:
          %s: {}
          %s: {}
        components: {}
        """
            .formatted(one, other);

    assertThat(OpenApiRules.faults(OpenApiDocument.of(document)).isEmpty()).isNotEqualTo(ambiguous);
  }

  @Test
  void a_small_sound_document_passes() {
    assertThat(OpenApiRules.faults(OpenApiDocument.of(SOUND))).isEmpty();
  }

  @Test
  void a_document_that_defines_something_twice_is_refused() {
    assertThatThrownBy(() -> OpenApiDocument.of(SOUND + "    A: { type: string }\n"))
        .hasMessageContaining("Duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          openapi: 3.1.0           | openapi: 3.0.3            | must be 3.1
          title: T,                | name: T,                  | needs title
          identifier: MIT          | url: x                    | needs identifier
          { n: { type: integer } } | { n: { type: integer, default: x } } | /default
          '#/components/schemas/A' | '#/components/schemas/B'   | leads nowhere
          schemas/A'               | schemas/B'                | leads nowhere
          example: { n: 1 }        | example: { n: one }       | integer
          schema: { type: string } | schema: { type: text }    | /schema/type
          example: x               | example: 1                | string
          operationId: putA        | operationId: getA         | getA is taken
          name: b,                 | name: c,                  | declares [c]
          in: path, required: true | in: path                  | is required
          description: Done.       | descriptio: Done.         | has no field descriptio
          '204'                    | 'done'                    | is no status
          description: An A.       | x: 1                      | needs description
          """)
  void a_fault_is_told(String sound, String broken, String told) {
    assertThat(SOUND).contains(sound);
    assertThat(OpenApiRules.faults(OpenApiDocument.of(SOUND.replace(sound, broken))))
        .anySatisfy(fault -> assertThat(fault).contains(told));
  }
}
