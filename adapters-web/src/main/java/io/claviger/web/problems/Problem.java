package io.claviger.web.problems;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.claviger.domain.Fault;
import io.claviger.web.json.JsonWriter;
import java.util.List;
import java.util.Map;

/**
 * Why there is no other answer.
 *
 * @param code stable, for programs
 * @param detail what to do about it; never a value that was given
 * @param faults what is wrong with the input, field by field; empty where it is not about input
 * @param headers that belong to the answer, such as {@code Allow}
 */
public record Problem(
    int status, String code, String detail, List<Fault> faults, Map<String, String> headers) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public Problem {
    faults = List.copyOf(faults);
    headers = Map.copyOf(headers);
  }

  public Problem(int status, String code, String detail) {
    this(status, code, detail, List.of(), Map.of());
  }

  public Problem with(String header, String value) {
    return new Problem(status, code, detail, faults, Map.of(header, value));
  }

  /** The body of the answer. */
  public byte[] json(String requestId) {
    return JsonWriter.bytes(
        new Wire(
            "urn:claviger:problem:" + code, Titles.of(status), status, detail, requestId, faults));
  }

  private record Wire(
      String type,
      String title,
      int status,
      String detail,
      String instance,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Fault> errors) {}
}
