#include "tasks/encoded_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace evalrun {
namespace {

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(uLong(bytes.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(bytes.data()), uLong(bytes.size()));
  out.resize(size);
  return out;
}

// RFC 4648 section 10.
TEST(Base64, VectorsOfTheRfc) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"Zg==", "f"},
                                                       {"Zm8=", "fo"},
                                                       {"Zm9v", "foo"},
                                                       {"Zm9vYg==", "foob"},
                                                       {"Zm9vYmE=", "fooba"},
                                                       {"Zm9vYmFy", "foobar"}};
  for (const auto& [text, bytes] : cases) EXPECT_EQ(decode_base64(text).value(), bytes) << text;
  EXPECT_EQ(decode_base64("+/+/").value(), "\xfb\xff\xbf");
}

TEST(Base64, RefusesOtherBytesAndCuts) {
  for (const char* text :
       {"Zg", "Zg=", "Z", "Zm9vY", "Zm 9", "Zm9\n", "====", "Z===", "=Zg=", "Zm-_"})
    EXPECT_FALSE(decode_base64(text)) << text;
}

TEST(Zlib, InflatesWhatZlibDeflates) {
  for (const std::size_t size : {0u, 1u, 1000u, 256u << 10, (256u << 10) + 1, 3u << 20}) {
    std::string bytes(size, 'a');
    for (std::size_t i = 0; i < size; i += 7) bytes[i] = char(i * 31);
    EXPECT_EQ(inflate_zlib(deflated(bytes), size).value(), bytes) << size;
  }
}

TEST(Zlib, ABombStopsAtTheLimit) {
  const std::string bomb = deflated(std::string(8 << 20, '\0'));  // 8 KB for 8 MB
  ASSERT_LT(bomb.size(), 20'000u);
  const auto out = inflate_zlib(bomb, 1 << 20);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().message, "zlib: larger than 1048576 bytes when inflated");
}

TEST(Zlib, TruncatedAtEachByteIsAnError) {
  const std::string whole = deflated("to be or not to be, that is to be asked");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(inflate_zlib(whole.substr(0, size), 1000).error().message, "zlib: cut off") << size;
}

TEST(Zlib, AWrongChecksumHeaderOrTailIsAnError) {
  std::string whole = deflated("abc");
  EXPECT_FALSE(inflate_zlib(whole + "x", 1000));
  whole.back() ^= 1;  // Adler-32
  EXPECT_FALSE(inflate_zlib(whole, 1000));
  EXPECT_FALSE(inflate_zlib("not zlib at all", 1000));
}

}  // namespace
}  // namespace evalrun
