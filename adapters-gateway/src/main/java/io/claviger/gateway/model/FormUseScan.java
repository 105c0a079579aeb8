package io.claviger.gateway.model;

import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse.Asked;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.UsageModel;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds in a multipart form whatever the provider may charge for (the requested use). The files in
 * such a form are media, for example recordings. A form is unreadable if its model differs from the
 * model in the path, or if parsers might find different models in the form.
 */
final class FormUseScan implements UseScan, BodyPart.FormPart {
  /** The name of the part with the recording, if that part has a file name. */
  private static final String RECORDING = "file";

  /**
   * Operations on audio have some fields that never refer to a recording. These are the names of
   * such fields, without underscores. Any other field might refer to a recording, by its URL, by
   * the id of a stored file, or in another way.
   */
  private static final Set<String> SETTINGS =
      Set.of(
          "model",
          "n",
          "language",
          "languages",
          "keywords",
          "prompt",
          "hotwords",
          "contextbias",
          "temperature",
          "responseformat",
          "include",
          "timestampgranularities",
          "chunkingstrategy",
          "vadfilter",
          "diarize",
          "knownspeakernames",
          "knownspeakerreferences",
          "stream",
          "streamoptions",
          "task",
          "user",
          "seed");

  /**
   * The parts that name a further model. For example, OpenAI's {@code svg[model]} names the model
   * that draws.
   */
  private static final Pattern FURTHER = Pattern.compile("[a-z]+\\[model\\]");

  private final OperationKind kind;
  private final Optional<String> inPath;
  private final String boundary;

  private boolean hasRecording;

  /** Whether a part might refer to a recording outside of the form. */
  private boolean namesRecording;

  private Optional<String> model = Optional.empty();
  private long answers = 1;
  private boolean isModel;
  private boolean isFurther;
  private boolean modelSeen;

  /** The models that the form names in addition to the called model. */
  private Set<UsageModel> others = Set.of();

  private final AskedImages images = new AskedImages();

  /** Whether the current part describes the images that the request asks for. */
  private boolean isOfImages;

  private boolean unreadable;

  /** Only operations on media accept multipart forms. */
  FormUseScan(OperationKind kind, Optional<String> inPath, String boundary) {
    this.kind = kind;
    this.inPath = inPath;
    this.boundary = boundary;
    this.unreadable =
        kind == OperationKind.TEXT || kind == OperationKind.INPUT || kind == OperationKind.VERDICTS;
  }

  @Override
  public void join(CallReading reading) {
    if (!unreadable) {
      reading.add(this);
    }
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    unreadable = true;
  }

  @Override
  public boolean wants(PartHead part) {
    String name = part.baseName().replace("_", "");
    isModel = name.equals("model");
    boolean isRecording = part.isFile() && part.name().equals(RECORDING);
    hasRecording |= isRecording;
    namesRecording |= !isRecording && !SETTINGS.contains(name);
    isFurther = part.isPlainText() && FURTHER.matcher(part.name()).matches();
    isOfImages = kind == OperationKind.IMAGES && AskedImages.describe(name);
    if (isOfImages) {
      images.begin(part.name(), name);
      isOfImages = part.isPlainText();
      if (!isOfImages) {
        images.state("");
      }
    }
    boolean wanted = isModel || name.equals("n");
    boolean namesMore =
        !isModel
            && !isFurther
            && (part.segments().stream().anyMatch(segment -> segment.contains("model"))
                || name.startsWith("fallback"));
    unreadable |=
        namesMore
            || (wanted && (!part.isPlainText() || !part.name().equals(name)))
            || (isModel && modelSeen);
    modelSeen |= isModel;
    return wanted || isFurther || isOfImages;
  }

  @Override
  public void content(String text, long from, long to) {
    if (isModel) {
      model = Optional.of(text);
    } else if (isOfImages) {
      images.state(text);
    } else if (isFurther) {
      others = others.isEmpty() ? new HashSet<>() : others;
      unreadable |=
          !others.add(UsageModel.called(text)) || others.size() > RequestedUse.MOST_OTHERS;
    } else if (text.strip().matches("\\d{1,6}")) {
      answers = Math.max(answers, Long.parseLong(text.strip()));
    } else {
      unreadable = true;
    }
  }

  @Override
  public BodyUse use(long bytes) {
    return unreadable ? BodyUse.UNREAD : (caps, exact) -> Optional.of(use(bytes, caps));
  }

  private RequestedUse use(long bytes, ObeyedCaps caps) {
    return new RequestedUse(
        inPath.or(() -> model).map(UsageModel::called).orElse(UsageModel.UNKNOWN),
        kind,
        bytes,
        new RequestedUse.Reading(true, 1, false),
        new RequestedUse.Writing(OptionalLong.empty(), Optional.empty(), (int) answers, false),
        others,
        RequestedUse.ANY_TIER,
        fees(bytes, caps),
        Asked.NOTHING);
  }

  private FeesUsed fees(long bytes, ObeyedCaps caps) {
    return switch (kind) {
      case IMAGES -> FeesUsed.of(images.piece(), answers);
      case MEDIA -> ofRecordings(bytes, caps);
      default -> FeesUsed.NONE;
    };
  }

  private FeesUsed ofRecordings(long bytes, ObeyedCaps caps) {
    FeesUsed here = RequestedFees.ofRecording(bytes, caps);
    return hasRecording && !namesRecording ? here : here.plus(RequestedFees.ofRecordingElsewhere());
  }
}
