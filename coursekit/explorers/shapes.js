// Shape arithmetic, the same rules as in coursekit.shapes.

/** Pixels that a kernel spans when its entries are `dilation` apart. */
export function effectiveKernel(kernel, dilation = 1) {
  return (kernel - 1) * dilation + 1;
}

/** [before, after]: pixels that a padding ("valid", "same", "full" or a number) adds at both ends of an axis. */
export function paddingAmounts(size, kernel, stride, padding, dilation = 1) {
  const span = effectiveKernel(kernel, dilation);
  if (padding === "valid") return [0, 0];
  if (padding === "full") return [span - 1, span - 1];
  if (padding === "same") {
    const missing = Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0);
    return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
  }
  return [padding, padding];
}

/** Number of outputs along one axis; 0 when the kernel spans more than the padded input. */
export function outputSize(size, kernel, stride, padding, dilation = 1) {
  const [before, after] = paddingAmounts(size, kernel, stride, padding, dilation);
  const room = size + before + after - effectiveKernel(kernel, dilation);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** Number of outputs of a transposed convolution along one axis. */
export function transposedSize(size, kernel, stride, padding) {
  return size * stride + (padding === "same" ? 0 : Math.max(kernel - stride, 0));
}
