#!/usr/bin/env bash
# A Vulkan device in software, so that the WebGPU path can be tested where there is no GPU.
# Takes SwiftShader and a Vulkan loader out of Debian's chromium-common package, without installing it.
# usage: . scripts/swiftshader.sh    sets VK_ICD_FILENAMES and LD_LIBRARY_PATH; says so where it cannot.
swiftshader_folder="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.swiftshader"

take_swiftshader() {
  local work
  work="$(mktemp -d)" || return 1
  (
    cd "$work" || exit 1
    apt-get download chromium-common >/dev/null 2>&1 ||
      { apt-get update >/dev/null 2>&1 && apt-get download chromium-common >/dev/null 2>&1; } || exit 1
    dpkg-deb -x chromium-common*.deb files &&
      mkdir -p taken &&
      cp files/usr/lib/chromium/{libvk_swiftshader.so,libvulkan.so.1,vk_swiftshader_icd.json} taken/ &&
      rm -rf "$swiftshader_folder" && mv taken "$swiftshader_folder"
  )
  local status=$?
  rm -rf "$work"
  return $status
}

if [ -f "$swiftshader_folder/vk_swiftshader_icd.json" ] || take_swiftshader; then
  export VK_ICD_FILENAMES="$swiftshader_folder/vk_swiftshader_icd.json"
  export LD_LIBRARY_PATH="$swiftshader_folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
else
  echo 'swiftshader: Debian’s package chromium-common is not to be had here; the WebGPU test will be skipped' >&2
fi
