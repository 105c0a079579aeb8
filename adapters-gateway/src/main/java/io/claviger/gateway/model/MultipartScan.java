package io.claviger.gateway.model;

/** Finds the models that a multipart form requests. */
final class MultipartScan implements BodyScan, BodyPart.FormPart {
  private final AskedModels asked;
  private final String boundary;
  private boolean isTheModel;

  MultipartScan(AskedModels asked, String boundary) {
    this.asked = asked;
    this.boundary = boundary;
  }

  @Override
  public AskedModels asked() {
    return asked;
  }

  @Override
  public String boundary() {
    return boundary;
  }

  @Override
  public void malformed() {
    asked.demand(false);
    asked.end();
  }

  @Override
  public void complete() {
    asked.end();
  }

  @Override
  public boolean wants(PartHead part) {
    String name = part.name();
    String base = part.baseName();
    isTheModel = base.equals("model");
    boolean namesModels = ModelScan.namesModels(base);
    asked.demand(!ModelScan.CHOICES.contains(base));
    asked.demand(!namesModels || (name.equals(base) && part.isPlainText()));
    if (isTheModel) {
      asked.beginModel();
    }
    boolean namesFurther = !namesModels && namesFurther(part);
    asked.demand(!namesFurther || part.isPlainText());
    return namesModels || namesFurther;
  }

  /** Whether the name of a part names a further model, as in OpenAI's {@code svg[model]}. */
  private static boolean namesFurther(PartHead part) {
    return part.segments().stream().skip(1).anyMatch(ModelScan::namesModels);
  }

  @Override
  public void content(String model, long from, long to) {
    if (!isTheModel) {
      asked.add(model);
      return;
    }
    asked.model(model);
    if (asked.isAnother(model)) {
      asked.add(null);
    }
  }
}
