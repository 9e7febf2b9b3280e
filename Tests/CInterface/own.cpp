// Owns handles as C++ does, and lets a session outlive its model: own MODEL.
#include <espalier.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

struct Close {
  void operator()(espalier_model *model) const { espalier_model_close(model); }
  void operator()(espalier_session *session) const { espalier_session_free(session); }
};
using Model = std::unique_ptr<espalier_model, Close>;
using Session = std::unique_ptr<espalier_session, Close>;

template <typename Call>
void check(Call call) {
  espalier_error error{};
  error.struct_size = sizeof error;
  if (call(&error) != ESPALIER_OK) throw std::runtime_error(error.message);
}

Model open(const char *path) {
  espalier_model *model = nullptr;
  check([&](espalier_error *error) { return espalier_model_open(path, nullptr, &model, error); });
  return Model(model);
}

Session session(const Model &model) {
  espalier_session *session = nullptr;
  check([&](espalier_error *error) {
    return espalier_session_create(model.get(), nullptr, 0, nullptr, &session, error);
  });
  return Session(session);
}

}  // namespace

int main(int, char **words) try {
  Session all;
  {
    Model model = open(words[1]);
    check([&](espalier_error *error) { return espalier_model_load(model.get(), nullptr, 0, error); });
    all = session(model);
  }
  std::vector<float> row(64, 0.5F);
  check([&](espalier_error *error) {
    return espalier_session_set_input(all.get(), 0, row.data(), row.size() * sizeof(float), error);
  });
  check([&](espalier_error *error) { return espalier_session_run(all.get(), error); });
  std::printf("%zu outputs after the model was closed\n", espalier_session_output_count(all.get()));
  return espalier_session_output_count(all.get()) == 3 ? 0 : 1;
} catch (const std::exception &error) {
  std::fprintf(stderr, "own: %s\n", error.what());
  return 1;
}
