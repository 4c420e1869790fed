/** Diagonal lines, as a pattern that fills a band: told by its form, whatever colours the reader sees. */
export function hatchIn(paint: string): { image: HTMLCanvasElement; repeat: "repeat" } {
  const size = 8;
  const image = document.createElement("canvas");
  image.width = size;
  image.height = size;
  const pen = image.getContext("2d");
  if (pen) {
    pen.strokeStyle = paint;
    pen.lineWidth = 1;
    pen.beginPath();
    // the corners belong to the neighbours' lines
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - 1, size + 1);
      pen.lineTo(shift + size + 1, -1);
    }
    pen.stroke();
  }
  return { image, repeat: "repeat" };
}
