package dev.countersign.approval.profiles;

import dev.countersign.protocol.Problem.FieldError;
import java.util.List;

/** A request about a custom profile that is refused, with every fault that was found. */
public final class ProfileRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient List<FieldError> errors;

  ProfileRefusedException(String code, String detail) {
    super(detail);
    this.code = code;
    this.errors = List.of();
  }

  ProfileRefusedException(String code, List<FieldError> errors) {
    super(
        errors.get(0).field()
            + " "
            + errors.get(0).detail()
            + (errors.size() == 1 ? "" : " (and %d more)".formatted(errors.size() - 1)));
    this.code = code;
    this.errors = List.copyOf(errors);
  }

  static ProfileRefusedException field(String code, String field, String detail) {
    return new ProfileRefusedException(code, List.of(new FieldError(field, detail)));
  }

  /**
   * {@code invalid_profile}, {@code not_entitled}, {@code not_yours}, {@code unknown_profile},
   * {@code if_match_required} or {@code version_conflict}.
   */
  public String code() {
    return code;
  }

  /** One entry per fault; empty where no field is at fault. */
  public List<FieldError> errors() {
    return errors;
  }
}
