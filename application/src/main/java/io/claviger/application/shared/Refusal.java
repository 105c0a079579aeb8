package io.claviger.application.shared;

import io.claviger.domain.Fault;
import java.util.List;

/**
 * Why an attempt was refused. Every use case that can refuse answers one of these in its outcome;
 * each adapter has one place that turns them into its own words.
 */
public sealed interface Refusal {
  /** Stable, for programs and for the audit trail. */
  String code();

  /** Not there, or not visible to who asks: the two are never told apart. */
  record NotFound() implements Refusal {
    @Override
    public String code() {
      return "not_found";
    }
  }

  /** Seen, but not permitted. */
  record Forbidden(String why) implements Refusal {
    @Override
    public String code() {
      return "forbidden";
    }
  }

  /** Something is wrong with what was given. */
  record Invalid(List<Fault> faults) implements Refusal {
    public Invalid {
      faults = List.copyOf(faults);
    }

    public Invalid(Fault fault) {
      this(List.of(fault));
    }

    @Override
    public String code() {
      List<String> codes = faults.stream().map(Fault::code).distinct().toList();
      return codes.size() == 1 ? codes.get(0) : "validation_failed";
    }
  }

  /** What is there is not what the caller said it had to be. */
  record PreconditionFailed() implements Refusal {
    @Override
    public String code() {
      return "precondition_failed";
    }
  }

  /** It can't be done as things stand; the database said so. */
  record Conflict(String code, String detail) implements Refusal {}
}
