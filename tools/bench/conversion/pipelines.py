"""Converts what skl2onnx makes of scikit-learn's pipelines and compares; tools/bench/sklearn calls it."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import warnings

import numpy
import onnxruntime
from onnx import numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.cross_decomposition import PLSRegression
from sklearn.datasets import load_diabetes, load_iris
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (ElasticNet, LinearRegression, LogisticRegression, Perceptron, PoissonRegressor, Ridge,
                                  RidgeClassifier, SGDClassifier)
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (Binarizer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder,
                                   OrdinalEncoder, PolynomialFeatures, PowerTransformer, QuantileTransformer,
                                   RobustScaler, StandardScaler)
from sklearn.svm import SVC, LinearSVC, LinearSVR

import suites

WORK = pathlib.Path(".build-bench/conversion/pipelines")
CASES = pathlib.Path(__file__).parents[3] / "Tests/ONNXCases/sklearn"
TOLERANCE = 1e-4  # of the largest number of an output
ROWS = slice(0, 150, 8)  # that are compared

# Those that the Swift tests check.
CHOSEN = ["logistic-two-classes", "logistic-texts", "logistic-one-vs-rest", "normalizer-l1", "imputer", "columns",
          "mlp-classifier", "mlp-two-texts", "mlp-regressor", "linear-svc", "sgd-log", "quadratic-discriminant",
          "calibrated", "bins", "categories", "polynomial", "power", "doubles"]

IRIS, DIABETES = load_iris(), load_diabetes()
X, KIND = IRIS.data.astype(numpy.float32), IRIS.target
NAMES = IRIS.target_names[KIND]
TWO, TWO_NAMES = (KIND > 0).astype(int), numpy.where(KIND > 0, "yes", "no")
TABLE, TARGET = DIABETES.data.astype(numpy.float32), DIABETES.target.astype(numpy.float32)
TARGETS = numpy.stack([TARGET, 2 * TARGET + TABLE[:, 0], 3 * TABLE[:, 1]], axis=1)
GAPS = X.copy()
GAPS[::7, 1], GAPS[::5, 3] = numpy.nan, numpy.nan
WHOLE = (10 * X[:, :2]).astype(numpy.int64)
ANSWERS = numpy.stack([TWO, X[:, 0] > 5.8], axis=1).astype(int)
COLORS = numpy.array(["red", "green", "blue"])[KIND].reshape(-1, 1)


def logistic(*steps, **options):
    return make_pipeline(*steps, LogisticRegression(**options))


def pipelines():
    """Name, model, table, targets of each pipeline, and why it cannot be converted when that is so."""
    layers = {"hidden_layer_sizes": (8,), "max_iter": 200, "random_state": 0}
    columns = ColumnTransformer([("a", StandardScaler(), [0, 2]), ("b", MinMaxScaler(), [1])], remainder="passthrough")
    voters = [("a", LogisticRegression()), ("b", GaussianNB())]
    yield "logistic-two-classes", logistic(StandardScaler()), X, TWO
    yield "logistic-two-texts", logistic(StandardScaler(), solver="liblinear"), X, TWO_NAMES
    yield "logistic-texts", logistic(StandardScaler()), X, NAMES
    yield "logistic-one-vs-rest", make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression())), X, NAMES
    yield "normalizer-l1", logistic(Normalizer("l1")), X, KIND
    yield "normalizer-l2", logistic(Normalizer()), X, KIND
    yield "normalizer-max", logistic(Normalizer("max")), X, KIND
    yield "imputer", logistic(SimpleImputer(), StandardScaler()), GAPS, NAMES
    yield "pca", logistic(StandardScaler(), PCA(2)), X, NAMES
    yield "columns", logistic(columns), X, NAMES
    yield "select", logistic(SelectKBest(k=2)), X, KIND
    yield "binarizer", logistic(Binarizer(threshold=2.0)), X, KIND
    yield "bins", logistic(KBinsDiscretizer(4, encode="onehot-dense", quantile_method="averaged_inverted_cdf")), X, KIND
    yield "categories", logistic(OneHotEncoder(sparse_output=False)), WHOLE, KIND
    yield "ordinals", logistic(OrdinalEncoder()), WHOLE, KIND
    yield "mlp-classifier", make_pipeline(StandardScaler(), MLPClassifier(**layers)), X, NAMES
    yield "mlp-two-texts", make_pipeline(StandardScaler(), MLPClassifier(**layers)), X, TWO_NAMES
    yield "mlp-regressor", make_pipeline(StandardScaler(), MLPRegressor(**layers)), TABLE, TARGETS
    yield "linear-svc", make_pipeline(StandardScaler(), LinearSVC()), X, NAMES
    yield "linear-svc-two", make_pipeline(StandardScaler(), LinearSVC()), X, TWO_NAMES
    yield "sgd-log", make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), X, NAMES
    yield "sgd-hinge", make_pipeline(StandardScaler(), SGDClassifier(random_state=0)), X, NAMES
    yield "sgd-huber", make_pipeline(StandardScaler(), SGDClassifier(loss="modified_huber", random_state=0)), X, KIND
    yield "perceptron", make_pipeline(StandardScaler(), Perceptron()), X, NAMES
    yield "ridge-classifier", make_pipeline(StandardScaler(), RidgeClassifier()), X, NAMES
    yield "linear-discriminant", LinearDiscriminantAnalysis(), X, NAMES
    yield "quadratic-discriminant", QuadraticDiscriminantAnalysis(), X, NAMES
    yield "gaussian-bayes", GaussianNB(), X, NAMES
    yield "bernoulli-bayes", BernoulliNB(), X, NAMES
    yield "calibrated", CalibratedClassifierCV(LinearSVC(), cv=2), X, NAMES
    yield "voting", VotingClassifier(voters, voting="soft", flatten_transform=False), X, NAMES
    yield "k-means", KMeans(3, random_state=0, n_init=1), X, KIND
    yield "gaussian-mixture", GaussianMixture(2, random_state=0), X, None
    yield "linear", make_pipeline(MinMaxScaler(), LinearRegression()), TABLE, TARGET
    yield "ridge", make_pipeline(StandardScaler(), Ridge()), TABLE, TARGETS
    yield "elastic-net", make_pipeline(RobustScaler(), MaxAbsScaler(), ElasticNet(alpha=0.1)), TABLE, TARGET
    yield "linear-svr", make_pipeline(StandardScaler(), LinearSVR()), TABLE, TARGET
    yield "least-squares", PLSRegression(2), TABLE, TARGETS
    yield "svd", make_pipeline(StandardScaler(), TruncatedSVD(2), LinearRegression()), TABLE, TARGET
    yield "polynomial", make_pipeline(PolynomialFeatures(2), Ridge()), TABLE[:, :3], TARGET
    yield "power", make_pipeline(PowerTransformer(), Ridge()), X, X[:, 0]
    yield "quantiles", make_pipeline(QuantileTransformer(n_quantiles=10), Ridge()), X, X[:, 0]
    yield "poisson", PoissonRegressor(), numpy.abs(TABLE), TARGET
    yield "regressors", MultiOutputRegressor(Ridge()), TABLE, TARGETS
    yield "doubles", logistic(StandardScaler()), X.astype(numpy.float64), NAMES
    yield "doubles-mlp", make_pipeline(StandardScaler(), MLPRegressor(**layers)), TABLE.astype(float), TARGETS
    yield "two-answers", MultiOutputClassifier(LogisticRegression()), X, ANSWERS
    yield "forest", RandomForestClassifier(3), X, NAMES, "decision trees are comparisons"
    yield "svc", SVC(), X, NAMES, "a support vector machine compares each row with stored rows"
    yield "colors", logistic(OneHotEncoder(sparse_output=False)), COLORS, KIND, "has elements of type STRING"


def main():
    warnings.filterwarnings("ignore")
    onnxruntime.set_default_logger_severity(3)
    parser = argparse.ArgumentParser(prog="sklearn", description=__doc__.split(";")[0] + ".")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pipelines")
    parser.add_argument("--cases", action="store_true", help=f"write {CASES.parent.name}/{CASES.name}")
    options = parser.parse_args()
    if options.cases:
        return write_cases()
    WORK.mkdir(parents=True, exist_ok=True)
    print(f"{'pipeline':<26}{'nodes':>6}{'became':>8}  {'heads':<34}difference")
    failed, count = [], 0
    for name, model, *rest in pipelines():
        if not options.names or name in options.names:
            count += 1
            problem = attempt(name, model, *rest)
            if problem:
                print(f"{name:<26}FAILED: {problem}")
                failed.append(name)
    print(f"\n{count - len(failed)} of {count} pipelines are as they should be")
    if failed:
        raise SystemExit("sklearn: failed\n  " + "\n  ".join(failed))


def attempt(name, model, table, targets, refused=None):
    """What is wrong with a pipeline, or nothing."""
    document, target = WORK / f"{name}.onnx", WORK / "model.espalier"
    proto, inputs = exported(model, table, targets)
    document.write_bytes(proto.SerializeToString())
    process = call("convert", document, target, "--json")
    if refused:
        message = " ".join(process.stderr.split())
        if process.returncode != 1 or refused not in message:
            return f"status {process.returncode}, {message}"
        print(f"{name:<26}refused: {refused}")
        return None
    if process.returncode:
        return " ".join(process.stderr.split())
    report = json.loads(process.stdout)
    heads = {head["name"]: head for head in json.loads(call("inspect", "--json", target).stdout)["heads"]}
    suites.save_npz(WORK / "inputs.npz", inputs)
    process = call("run", target, "--input", WORK / "inputs.npz", "--output", WORK / "outputs.npz", "--non-finite")
    if process.returncode:
        return process.stderr
    with numpy.load(WORK / "outputs.npz") as archive:
        answers = dict(archive)
    worst = 0.0
    for output, expected in reference(proto, inputs).items():
        if expected.dtype.kind == "O":
            if not told(expected, heads, answers):
                return f"no head tells {output}"
        elif output not in answers or expected.shape != answers[output].shape:
            return f"{output} has the shape {getattr(answers.get(output), 'shape', None)} instead of {expected.shape}"
        else:
            difference = numpy.abs(answers[output].astype(float) - expected).max()
            worst = max(worst, difference / max(numpy.abs(expected).max(), 1e-30))
    if not worst <= TOLERANCE:
        return f"differs by {worst:.1e}"
    nodes = report["trunk"]["nodes"] + sum(head["nodes"] for head in report["heads"])
    print(f"{name:<26}{report['document_nodes']:>6}{nodes:>8}  {', '.join(sorted(answers)):<34}{worst:>10.1e}")
    return None


def exported(model, table, targets):
    """The document of a pipeline that is trained, and the inputs that it is compared with."""
    model.fit(table, targets)
    kind = {"f4": FloatTensorType, "f8": DoubleTensorType}.get(table.dtype.str[1:])
    if table.dtype.kind == "U":
        kind = StringTensorType
    types = [("X", kind([None, table.shape[1]]))] if kind else None
    options = None
    if not isinstance(model, CalibratedClassifierCV) and "LinearSVC" in repr(model):
        options = {LinearSVC: {"raw_scores": True}}  # the default options are some that it does not take
    elif table.dtype == float and hasattr(model, "predict_proba"):
        options = {id(model): {"zipmap": False}}  # ONNX Runtime makes no dictionaries of float64
    proto = to_onnx(model, table[:1], initial_types=types, options=options, target_opset=17)
    return proto, {proto.graph.input[0].name: table[ROWS]}


def reference(proto, inputs):
    """What ONNX Runtime answers; dictionaries as columns, lists as outputs of their own."""
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    answers = {}
    for output, values in zip(session.get_outputs(), session.run(None, inputs)):
        if isinstance(values, list) and isinstance(values[0], dict):
            values = numpy.array([list(row.values()) for row in values], numpy.float32)
        if isinstance(values, list):
            answers |= {f"{output.name}.{at}": value for at, value in enumerate(values)}
        else:
            answers[output.name] = values
    return answers


def told(texts, heads, answers):
    """Whether the labels of the largest numbers of a head are these texts."""
    for name, head in heads.items():
        labels = numpy.array(head.get("labels", []))
        if labels.size > 1 and (labels[answers[name].argmax(-1)] == texts.reshape(-1)).all():
            return True
    return False


def write_cases():
    shutil.rmtree(CASES, ignore_errors=True)
    total = 0
    for name, model, *rest in pipelines():
        if name not in CHOSEN:
            continue
        folder = CASES / name
        folder.mkdir(parents=True)
        proto, inputs = exported(model, *rest)
        (folder / "model.onnx").write_bytes(proto.SerializeToString(deterministic=True))
        for kind, arrays in [("input", inputs), ("output", reference(proto, inputs))]:
            for at, (value, array) in enumerate(arrays.items()):
                tensor = numpy_helper.from_array(array, value)
                (folder / f"{kind}_{at}.pb").write_bytes(tensor.SerializeToString())
        total += sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(CHOSEN)} cases; {total} bytes")


def call(*arguments):
    return subprocess.run([os.environ["ESPALIER"], *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="replace")


main()
