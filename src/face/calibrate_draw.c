/* SPDX-License-Identifier: MIT */
/* Both distributions as steps over the similarity, each scaled to its own whole, with the
 * threshold as a line. Greys and two hues that hold on light and dark alike. */
#include <math.h>

#include "face/calibrate.h"

enum { WIDTH = 640, HEIGHT = 300, LEFT = 56, RIGHT = 16, TOP = 40, BOTTOM = 44 };

static double x_of(double similarity)
{
    double span = CALIBRATE_BINS * calibrate_bin_width;

    return LEFT + (similarity - calibrate_bin_from) / span * (WIDTH - LEFT - RIGHT);
}

static double share_of(int64_t part, int64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static double highest(const struct calibration *c)
{
    double most = 0.01;

    for (size_t i = 0; i < CALIBRATE_BINS; i++) {
        most = fmax(most, share_of(c->genuine[i], c->genuine_n));
        most = fmax(most, share_of(c->impostor[i], c->impostor_n));
    }
    return most;
}

static double y_of(double share, double most)
{
    return HEIGHT - BOTTOM - share / most * (HEIGHT - TOP - BOTTOM);
}

static void draw_steps(struct buf *b, const int64_t *bins, int64_t whole, double most,
                       const char *style)
{
    buf_printf(b, "<path d=\"M%.1f %d", x_of(calibrate_bin_from), HEIGHT - BOTTOM);
    for (size_t i = 0; i < CALIBRATE_BINS; i++) {
        double from = calibrate_bin_from + (double)i * calibrate_bin_width;
        double y = y_of(share_of(bins[i], whole), most);
        buf_printf(b, "V%.1fH%.1f", y, x_of(from + calibrate_bin_width));
    }
    buf_printf(b, "V%dZ\" %s/>\n", HEIGHT - BOTTOM, style);
}

static void draw_axes(struct buf *b, double most)
{
    buf_printf(b, "<g stroke=\"#808080\" fill=\"none\"><path d=\"M%d %dV%dH%d\"/></g>\n", LEFT, TOP,
               HEIGHT - BOTTOM, WIDTH - RIGHT);
    buf_puts(b, "<g fill=\"#808080\" text-anchor=\"middle\">");
    for (int tenths = -2; tenths <= 10; tenths += 2)
        buf_printf(b, "<text x=\"%.1f\" y=\"%d\">%.1f</text>", x_of(tenths / 10.0),
                   HEIGHT - BOTTOM + 16, tenths / 10.0);
    buf_printf(b, "<text x=\"%d\" y=\"%d\">Similarity</text></g>\n", (LEFT + WIDTH - RIGHT) / 2,
               HEIGHT - 8);
    buf_puts(b, "<g fill=\"#808080\" text-anchor=\"end\">");
    for (int k = 0; k <= 2; k++)
        buf_printf(b, "<text x=\"%d\" y=\"%.1f\">%.0f %%</text>", LEFT - 6,
                   y_of(most * k / 2, most) + 4, 50 * k * most);
    buf_puts(b, "</g>\n");
}

void calibrate_draw(struct buf *b, const struct calibration *c, double threshold)
{
    double most = highest(c);

    buf_printf(b,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"t d\" font-family=\"sans-serif\" font-size=\"12\">\n"
               "<title id=\"t\">Similarity of the school's own templates</title>\n"
               "<desc id=\"d\">%lld comparisons within persons, from %.2f on, and %lld between "
               "persons, up to %.2f. The threshold is %.2f.</desc>\n",
               WIDTH, HEIGHT, (long long)c->genuine_n, c->genuine_least, (long long)c->impostor_n,
               c->impostor_most, threshold);
    draw_axes(b, most);
    draw_steps(b, c->impostor, c->impostor_n, most,
               "fill=\"#d97706\" fill-opacity=\"0.35\" stroke=\"#d97706\"");
    draw_steps(b, c->genuine, c->genuine_n, most,
               "fill=\"#2f7dd1\" fill-opacity=\"0.35\" stroke=\"#2f7dd1\"");
    buf_printf(b,
               "<path d=\"M%.1f %dV%d\" stroke=\"#808080\" stroke-width=\"2\" "
               "stroke-dasharray=\"6 4\"/>\n<text x=\"%.1f\" y=\"%d\" fill=\"#808080\">"
               "threshold %.2f</text>\n",
               x_of(threshold), TOP - 6, HEIGHT - BOTTOM, x_of(threshold) + 6, TOP + 6, threshold);
    buf_printf(b,
               "<g fill=\"#808080\"><rect x=\"%d\" y=\"12\" width=\"12\" height=\"12\" "
               "fill=\"#d97706\"/><text x=\"%d\" y=\"22\">different persons</text>"
               "<rect x=\"%d\" y=\"12\" width=\"12\" height=\"12\" fill=\"#2f7dd1\"/>"
               "<text x=\"%d\" y=\"22\">the same person</text></g>\n</svg>\n",
               LEFT, LEFT + 18, LEFT + 160, LEFT + 178);
}
